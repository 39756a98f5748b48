// Removes what the policy hides from responses.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>

#include "absl/status/status.h"
#include "serve/json/json_writer.h"
#include "serve/policy/access.h"

namespace dataservice {

// Removes the hidden fields from a message of that type in binary form. INTERNAL, with the reason
// in the log and without a message, if the bytes are no message.
absl::Status RedactMessage(const Access& access, const google::protobuf::Descriptor& type,
                           std::string& message);

// The fields that a response in JSON has: those of `selection`, which may be null, and never a
// hidden one, not even as a zero.
WrittenFields FieldsOf(const FieldSelection* selection, const Access& access);

}  // namespace dataservice
