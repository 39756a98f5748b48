// const, in, not_in and defined_only of enums; const of bools.
#include <algorithm>

#include "rules/rule_families.h"
#include "rules/rule_text.h"

namespace dataservice::rules {
namespace {

std::vector<int64_t> ReadAll(const std::vector<Value>& values) {
  std::vector<int64_t> numbers;
  for (const Value& value : values) numbers.push_back(value.i);
  return numbers;
}

std::string TextOfAll(const std::vector<int64_t>& numbers) {
  std::vector<std::string> items;
  for (int64_t number : numbers) items.push_back(Text(number));
  return ListText(items);
}

bool Contains(const std::vector<int64_t>& numbers, int64_t number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

}  // namespace

void CompileBoolRules(RuleReader& reader, std::vector<Check>* checks) {
  if (const auto value = reader.Take("const")) {
    checks->push_back({[only = value->i](const Value& v) { return v.i == only; },
                       reader.Say("const", value->i ? "must equal true" : "must equal false")});
  }
  reader.TakeList("example");
}

void CompileEnumRules(RuleReader& reader, const google::protobuf::EnumDescriptor* type,
                      std::vector<Check>* checks) {
  if (reader.TakeFlag("defined_only")) {
    checks->push_back({[type](const Value& v) {
                         return type->FindValueByNumber(static_cast<int>(v.i)) != nullptr;
                       },
                       reader.Say("defined_only", "value must be one of the defined enum values")});
  }
  if (const auto refused = ReadAll(reader.TakeList("not_in")); !refused.empty()) {
    checks->push_back({[refused](const Value& v) { return !Contains(refused, v.i); },
                       reader.Say("not_in", "must not be in list " + TextOfAll(refused))});
  }
  if (const std::vector<Value> in = reader.TakeList("in"); !in.empty()) {
    reader.RequireOneOf("in", in, *checks);
    const std::vector<int64_t> allowed = ReadAll(in);
    checks->push_back({[allowed](const Value& v) { return Contains(allowed, v.i); },
                       reader.Say("in", "must be in list " + TextOfAll(allowed))});
  }
  if (const auto value = reader.Take("const")) {
    reader.RequireOneOf("const", {*value}, *checks);
    checks->push_back({[only = value->i](const Value& v) { return v.i == only; },
                       reader.Say("const", "must equal " + Text(value->i))});
  }
  reader.TakeList("example");
}

}  // namespace dataservice::rules
