// --check_policy: what a policy says of a call, without a database.
#pragma once

#include <string_view>

namespace dataservice {

// Whether the command line is one of --check_policy.
bool IsCheckPolicy(int argc, char** argv);

// Reads a policy and prints whether it permits a call, by which rules, and which fields these
// withhold. Returns the exit code: 0 if the call is permitted (or no call is given, and the policy
// is valid), 1 if it is denied, 2 if the policy or the arguments are wrong. `contract_files` as of
// RunServer.
int CheckPolicy(int argc, char** argv, std::string_view contract_files);

}  // namespace dataservice
