// The rules for one type: StringRules, Int32Rules, RepeatedRules, ...
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "schema/breaking/rules.h"

namespace dataservice::breaking {

// Adds to `changes`, below `path` ("string."), the rules with which `after` refuses values that
// `before` allowed. Uses reflection, so that no rule is left out. `before` may be of another type
// if both are numeric: then rules with the same name are compared.
void CompareFamily(const google::protobuf::Message& before, const google::protobuf::Message& after,
                   const std::string& path, KnownValues known, std::vector<RuleChange>& changes);

}  // namespace dataservice::breaking
