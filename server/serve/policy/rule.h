// A rule of a policy.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "contract/contract.h"
#include "contract/field_set.h"
#include "serve/policy/caller_pattern.h"

namespace dataservice {

// Permits the callers of `who` the calls of `paths`. Thread-safe while it is not changed.
struct Rule {
  std::string name;
  int line = 0;  // of the file, from 1
  // The rule is for a caller that matches one of them.
  std::vector<CallerPattern> who;
  // "/package.Service/Method"
  std::vector<std::string> paths;
  bool all_rows = false;
  // The fields of `withhold`, and those that would tell their values: fields computed from them,
  // and an etag that is made of them.
  FieldSet hidden;
  FieldSet read_only;
};

// The rules of a policy's text (YAML; README.md has the format). INVALID_ARGUMENT with a line
// "file:line:column: problem" for each problem.
absl::StatusOr<std::vector<Rule>> ReadRules(std::string_view text, std::string_view file,
                                            const Contract& contract);

}  // namespace dataservice
