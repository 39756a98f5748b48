#include "schema/breaking/rule_values.h"

#include <google/protobuf/text_format.h>

#include <cmath>
#include <limits>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "contract/rules/value.h"

namespace dataservice::breaking {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

RuleValue ValueOfMessage(const Message& message) {
  RuleValue value;
  const auto* seconds = message.GetDescriptor()->FindFieldByName("seconds");
  const auto* nanos = message.GetDescriptor()->FindFieldByName("nanos");
  if (seconds == nullptr || nanos == nullptr) {
    value.text = message.SerializeAsString();
    return value;
  }
  value.number = static_cast<long double>(message.GetReflection()->GetInt64(message, seconds));
  value.nanos = message.GetReflection()->GetInt32(message, nanos);
  return value;
}

// The value of a rule; `i` is -1 for one that is not repeated.
RuleValue ValueOf(const Message& rules, const FieldDescriptor& rule, int i) {
  const auto& reflection = *rules.GetReflection();
  const auto get = [&](auto one, auto repeated) {
    return i < 0 ? (reflection.*one)(rules, &rule) : (reflection.*repeated)(rules, &rule, i);
  };
  using R = google::protobuf::Reflection;
  RuleValue value;
  switch (rule.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      value.number = get(&R::GetInt32, &R::GetRepeatedInt32);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      value.number = static_cast<long double>(get(&R::GetInt64, &R::GetRepeatedInt64));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      value.number = get(&R::GetUInt32, &R::GetRepeatedUInt32);
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      value.number = static_cast<long double>(get(&R::GetUInt64, &R::GetRepeatedUInt64));
      break;
    case FieldDescriptor::CPPTYPE_FLOAT:
      value.number = get(&R::GetFloat, &R::GetRepeatedFloat);
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      value.number = get(&R::GetDouble, &R::GetRepeatedDouble);
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      value.number = get(&R::GetBool, &R::GetRepeatedBool) ? 1 : 0;
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      value.number = get(&R::GetEnumValue, &R::GetRepeatedEnumValue);
      break;
    case FieldDescriptor::CPPTYPE_STRING:
      value.text = get(&R::GetString, &R::GetRepeatedString);
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ValueOfMessage(i < 0 ? reflection.GetMessage(rules, &rule)
                                  : reflection.GetRepeatedMessage(rules, &rule, i));
  }
  return value;
}

struct Interval {
  RuleValue low;
  RuleValue high;
  bool low_open = false;
  bool high_open = false;

  bool empty() const { return high < low || (low == high && (low_open || high_open)); }
  bool Contains(const Interval& other) const {
    const bool from = low < other.low || (low == other.low && (!low_open || other.low_open));
    const bool to = other.high < high || (high == other.high && (!high_open || other.high_open));
    return from && to;
  }
};

bool IsInteger(const FieldDescriptor& rule) {
  switch (rule.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return true;
    default:
      return false;
  }
}

template <typename Integer>
Interval Limits() {
  Interval all;
  all.low.number = static_cast<long double>(std::numeric_limits<Integer>::min());
  all.high.number = static_cast<long double>(std::numeric_limits<Integer>::max());
  return all;
}

// All values of the type that a rule compares with.
Interval AllOf(const FieldDescriptor& rule) {
  switch (rule.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return Limits<int32_t>();
    case FieldDescriptor::CPPTYPE_INT64:
      return Limits<int64_t>();
    case FieldDescriptor::CPPTYPE_UINT32:
      return Limits<uint32_t>();
    case FieldDescriptor::CPPTYPE_UINT64:
      return Limits<uint64_t>();
    default:
      Interval all;
      all.high.number = std::numeric_limits<long double>::infinity();
      all.low.number = -all.high.number;
      return all;
  }
}

std::vector<Interval> AllowedBy(const Message& rules, const FieldDescriptor& type) {
  const Interval all = AllOf(type);
  const bool integer = IsInteger(type);
  Interval bounds = all;
  const auto take = [&](const char* name, RuleValue& end, bool& open, int inwards) {
    for (const RuleValue& value : ValuesOf(rules, name)) {
      end = value;
      // For integers, an open bound is the next closed one.
      open = inwards != 0 && !integer;
      if (integer) end.number += inwards;
    }
  };
  take("gt", bounds.low, bounds.low_open, 1);
  take("gte", bounds.low, bounds.low_open, 0);
  take("lt", bounds.high, bounds.high_open, -1);
  take("lte", bounds.high, bounds.high_open, 0);
  // If the lower bound is above the upper one, values outside of both are allowed (protovalidate).
  const auto lower =
      FindRule(rules, "gt") != nullptr ? ValuesOf(rules, "gt") : ValuesOf(rules, "gte");
  const auto upper =
      FindRule(rules, "lt") != nullptr ? ValuesOf(rules, "lt") : ValuesOf(rules, "lte");
  if (lower.empty() || upper.empty() || !(upper[0] < lower[0])) return {bounds};
  Interval below = all;
  below.high = bounds.high;
  below.high_open = bounds.high_open;
  Interval above = all;
  above.low = bounds.low;
  above.low_open = bounds.low_open;
  return {below, above};
}

}  // namespace

bool RuleValue::operator==(const RuleValue& other) const {
  return std::tie(number, nanos, text) == std::tie(other.number, other.nanos, other.text);
}

bool RuleValue::operator<(const RuleValue& other) const {
  return std::tie(number, nanos, text) < std::tie(other.number, other.nanos, other.text);
}

const FieldDescriptor* FindRule(const Message& rules, const std::string& name) {
  const FieldDescriptor* rule = rules.GetDescriptor()->FindFieldByName(name);
  if (rule == nullptr) return nullptr;
  return dataservice::rules::IsSet(rules, rule) ? rule : nullptr;
}

std::vector<RuleValue> ValuesOf(const Message& rules, const std::string& name) {
  const FieldDescriptor* rule = FindRule(rules, name);
  if (rule == nullptr) return {};
  if (!rule->is_repeated()) return {ValueOf(rules, *rule, -1)};
  const int count = rules.GetReflection()->FieldSize(rules, rule);
  std::vector<RuleValue> values;
  values.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) values.push_back(ValueOf(rules, *rule, i));
  return values;
}

std::string RuleText(const Message& rules, const std::string& name) {
  const FieldDescriptor* rule = FindRule(rules, name);
  if (rule == nullptr) return "absent";
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  std::vector<std::string> values;
  const int count = rule->is_repeated() ? rules.GetReflection()->FieldSize(rules, rule) : 1;
  for (int i = 0; i < count; ++i) {
    std::string text;
    printer.PrintFieldValueToString(rules, rule, rule->is_repeated() ? i : -1, &text);
    if (rule->message_type() != nullptr) {
      while (!text.empty() && text.back() == ' ') text.pop_back();
      text = absl::StrCat("{", text, "}");
    }
    values.push_back(std::move(text));
  }
  const std::string list = absl::StrJoin(values, ", ");
  return absl::StrCat(name, ": ", rule->is_repeated() ? absl::StrCat("[", list, "]") : list);
}

bool BoundsAllow(const Message& before, const Message& after) {
  const FieldDescriptor* type = after.GetDescriptor()->FindFieldByName("lt");
  if (type == nullptr) return true;
  const FieldDescriptor* old_type = before.GetDescriptor()->FindFieldByName("lt");
  std::vector<Interval> were = AllowedBy(before, old_type == nullptr ? *type : *old_type);
  const bool constant = FindRule(before, "const") != nullptr;
  if (constant || FindRule(before, "in") != nullptr) {
    were.clear();
    for (const RuleValue& value : ValuesOf(before, constant ? "const" : "in")) {
      were.push_back({.low = value, .high = value});
    }
  }
  const std::vector<Interval> are = AllowedBy(after, *type);
  for (const Interval& was : were) {
    bool contained = was.empty();
    for (const Interval& is : are) contained = contained || is.Contains(was);
    if (!contained) return false;
  }
  return true;
}

std::string BoundsText(const Message& rules) {
  std::vector<std::string> texts;
  for (const char* name : {"gt", "gte", "lt", "lte"}) {
    if (FindRule(rules, name) != nullptr) texts.push_back(RuleText(rules, name));
  }
  return texts.empty() ? "absent" : absl::StrJoin(texts, ", ");
}

}  // namespace dataservice::breaking
