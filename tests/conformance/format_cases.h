// The suite tests the formats of strings at length through CEL functions
// (library.proto: IsEmail, IsUri, ...). CEL itself is refused by the server; these cases
// call the functions of server/contract/rules that the standard rules use.
#pragma once

#include <optional>

#include "buf/validate/conformance/harness/harness.pb.h"
#include "google/protobuf/message.h"

namespace dataservice::conformance {

// The result for a message of library.proto, absent for any other.
std::optional<buf::validate::conformance::harness::TestResult> CheckFormat(
    const google::protobuf::Message& message);

}  // namespace dataservice::conformance
