// The values of rules, whatever their family.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

namespace dataservice::breaking {

// A number, a time or a text, ordered. A long double holds every int64, uint64 and
// double exactly where its mantissa has 64 bits or more, as on x86-64 and AArch64.
struct RuleValue {
  long double number = 0;  // seconds, of a Timestamp or Duration
  int nanos = 0;
  std::string text;  // of strings and bytes; of other messages their bytes

  bool operator==(const RuleValue& other) const;
  bool operator<(const RuleValue& other) const;
};

// The rule of that name if it is set, else null. Of a family that has no such rule, null.
const google::protobuf::FieldDescriptor* FindRule(const google::protobuf::Message& rules,
                                                  const std::string& name);

// The values of a rule, one or many; none if it is not set.
std::vector<RuleValue> ValuesOf(const google::protobuf::Message& rules, const std::string& name);

// "max_len: 200"; "absent" if it is not set.
std::string RuleText(const google::protobuf::Message& rules, const std::string& name);

// Whether every value that the bounds (lt, lte, gt, gte) of `before` allow is allowed by
// those of `after`. A `const` or `in` of `before` says which values there are.
bool BoundsAllow(const google::protobuf::Message& before, const google::protobuf::Message& after);

// "gt: 0, lte: 5"; "absent" without any.
std::string BoundsText(const google::protobuf::Message& rules);

}  // namespace dataservice::breaking
