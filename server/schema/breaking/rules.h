// Compares the rules of buf.validate of two versions of a field.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "buf/validate/validate.pb.h"
#include "schema/breaking/findings.h"

namespace dataservice::breaking {

// A rule that refuses values that were allowed.
struct RuleChange {
  // Whether this is certain. If not, the rule changed in a way that cannot be compared.
  bool tightened = true;
  std::string rule;  // "string.max_len: 100"
  std::string was;   // "max_len: 200", or "absent"
};

// What is known of the values besides the rules.
struct KnownValues {
  bool not_empty = false;      // no value is empty
  bool skip_required = false;  // `required` is compared elsewhere
};

// The rules with which `after` refuses values that `before` allowed. A looser rule is no change.
std::vector<RuleChange> CompareRules(const buf::validate::FieldRules& before,
                                     const buf::validate::FieldRules& after,
                                     KnownValues known = {});

// Reports the same for two fields, as RULE_TIGHTENED and RULE_CHANGED. Returns whether any was
// reported.
bool AddRuleChanges(const google::protobuf::FieldDescriptor& before,
                    const google::protobuf::FieldDescriptor& after, KnownValues known,
                    Findings& findings);

// Whether the field must have a value: REQUIRED, or the rule `required`.
bool IsRequired(const google::protobuf::FieldDescriptor& field);

// Whether a message without the field is refused.
bool RefusesAbsence(const google::protobuf::FieldDescriptor& field);

}  // namespace dataservice::breaking
