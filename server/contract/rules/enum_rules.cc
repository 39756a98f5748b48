// const, in, not_in and defined_only of enums; const of bools.
#include "contract/rules/rule_families.h"
#include "contract/rules/rule_text.h"
#include "contract/rules/set_rules.h"

namespace dataservice::rules {
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
  CompileSets(reader,
              Members<int64_t>{[](const Value& v) { return v.i; },
                               [](const int64_t& number) { return Text(number); },
                               [](const int64_t& number) { return "must equal " + Text(number); }},
              checks);
  reader.TakeList("example");
}

}  // namespace dataservice::rules
