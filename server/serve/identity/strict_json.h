// JSON of tokens and keys (RFC 8259), read strictly.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <string_view>

#include "absl/status/statusor.h"

namespace dataservice {

// Reads one JSON object. INVALID_ARGUMENT, with a message that quotes nothing of the text, if
// it is no JSON object, or has a member twice (RFC 7515, section 4), a NUL character in a
// string, or more than 16 objects and lists within each other.
absl::StatusOr<google::protobuf::Struct> ParseJsonObject(std::string_view text);

// The member, if it is a string; otherwise an empty text. The second tells an absent member
// from one of another type.
std::string TextMember(const google::protobuf::Struct& object, const char* name);
bool HasMember(const google::protobuf::Struct& object, const char* name);

}  // namespace dataservice
