// min_items, max_items and unique of lists; min_pairs and max_pairs of maps.
#include <algorithm>
#include <cmath>

#include "contract/rules/rule_families.h"
#include "contract/rules/rule_text.h"

namespace dataservice::rules {
namespace {

using google::protobuf::FieldDescriptor;

// Appends the checks of two limits of the size, which is in Value::u.
void CompileSize(RuleReader& reader, const std::string& min_rule, const std::string& max_rule,
                 std::string (*min_text)(uint64_t), std::string (*max_text)(uint64_t),
                 std::vector<Check>* checks) {
  const auto min = reader.Take(min_rule);
  const auto max = reader.Take(max_rule);
  if (min && max && min->u > max->u) {
    reader.RefuseUnsatisfiable(min_rule, "it is greater than " + max_rule);
  }
  if (min) {
    checks->push_back({[limit = min->u](const Value& v) { return v.u >= limit; },
                       reader.Say(min_rule, min_text(min->u))});
  }
  if (max) {
    checks->push_back({[limit = max->u](const Value& v) { return v.u <= limit; },
                       reader.Say(max_rule, max_text(max->u))});
  }
}

template <typename T>
bool AreDistinct(std::vector<T> values) {
  std::sort(values.begin(), values.end());
  return std::adjacent_find(values.begin(), values.end()) == values.end();
}

template <typename T, typename Read>
bool AllDiffer(const Value& list, const FieldDescriptor* field, Read read) {
  std::vector<T> values;
  values.reserve(list.u);
  for (uint64_t i = 0; i < list.u; ++i) {
    const T value = read(ReadItem(*list.message, field, static_cast<int>(i)));
    if (value == value) values.push_back(value);  // NaN differs from everything
  }
  return AreDistinct(std::move(values));
}

// Sorts instead of hashing, so that no input makes it slow.
bool HasUniqueItems(const Value& list, const FieldDescriptor* field) {
  if (list.u < 2) return true;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return AllDiffer<std::string_view>(list, field, [](const Value& v) { return v.text; });
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return AllDiffer<double>(list, field, [](const Value& v) { return v.d; });
    default:
      return AllDiffer<uint64_t>(list, field, [](const Value& v) { return v.u; });
  }
}

}  // namespace

void CompileListRules(RuleReader& reader, const FieldDescriptor* field,
                      std::vector<Check>* checks) {
  CompileSize(
      reader, "min_items", "max_items",
      [](uint64_t n) { return "must contain at least " + Text(n) + " item(s)"; },
      [](uint64_t n) { return "must contain no more than " + Text(n) + " item(s)"; }, checks);
  if (!reader.TakeFlag("unique")) return;
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    reader.Refuse("unique", "messages are not compared", "remove it");
    return;
  }
  checks->push_back({[field](const Value& list) { return HasUniqueItems(list, field); },
                     reader.Say("unique", "repeated value must contain unique items")});
}

void CompileMapRules(RuleReader& reader, std::vector<Check>* checks) {
  CompileSize(
      reader, "min_pairs", "max_pairs",
      [](uint64_t n) { return "map must be at least " + Text(n) + " entries"; },
      [](uint64_t n) { return "map must be at most " + Text(n) + " entries"; }, checks);
}

}  // namespace dataservice::rules
