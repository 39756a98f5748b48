// The values of rules of all families.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

namespace dataservice::breaking {

// A number, a time or a text, with an order. A long double represents every int64, uint64 and
// double exactly if its mantissa has 64 bits or more, as on x86-64 and AArch64.
struct RuleValue {
  long double number = 0;  // in seconds for a Timestamp or Duration
  int nanos = 0;
  std::string text;  // of strings and bytes; for other messages, their bytes

  bool operator==(const RuleValue& other) const;
  bool operator<(const RuleValue& other) const;
};

// The rule with that name; null if it is not set or the family has no such rule.
const google::protobuf::FieldDescriptor* FindRule(const google::protobuf::Message& rules,
                                                  const std::string& name);

// The values of a rule; none if it is not set.
std::vector<RuleValue> ValuesOf(const google::protobuf::Message& rules, const std::string& name);

// "max_len: 200"; "absent" if it is not set.
std::string RuleText(const google::protobuf::Message& rules, const std::string& name);

// Whether every value that the bounds (lt, lte, gt, gte) of `before` allow is allowed by
// those of `after`. If `before` has a `const` or `in`, these are the only values.
bool BoundsAllow(const google::protobuf::Message& before, const google::protobuf::Message& after);

// "gt: 0, lte: 5"; "absent" without bounds.
std::string BoundsText(const google::protobuf::Message& rules);

}  // namespace dataservice::breaking
