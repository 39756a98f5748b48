// The rules of buf.validate that a field had and has.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "buf/validate/validate.pb.h"
#include "schema/breaking/findings.h"

namespace dataservice::breaking {

// A rule that refuses values which were allowed.
struct RuleChange {
  // Whether that is so; otherwise the rule is another one, and nothing is known of how
  // they compare.
  bool tightened = true;
  std::string rule;  // "string.max_len: 100"
  std::string was;   // "max_len: 200", or "absent"
};

// What is known of the values beside the rules.
struct KnownValues {
  bool not_empty = false;      // each is longer than nothing
  bool skip_required = false;  // whether it must be there is compared elsewhere
};

// What `after` refuses that `before` allowed. A rule that got looser is no change.
std::vector<RuleChange> CompareRules(const buf::validate::FieldRules& before,
                                     const buf::validate::FieldRules& after,
                                     KnownValues known = {});

// The same of two fields: RULE_TIGHTENED and RULE_CHANGED. Answers whether there was any.
bool AddRuleChanges(const google::protobuf::FieldDescriptor& before,
                    const google::protobuf::FieldDescriptor& after, KnownValues known,
                    Findings& findings);

// Whether the field must have a value: REQUIRED, or the rule `required`.
bool IsRequired(const google::protobuf::FieldDescriptor& field);

// Whether a message that leaves the field out is refused for that.
bool RefusesAbsence(const google::protobuf::FieldDescriptor& field);

}  // namespace dataservice::breaking
