// Base64url without padding, as JWS uses it (RFC 7515, section 2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dataservice {

// Absent if the text is not the one encoding of its bytes: other characters, white space,
// padding, or bits after the last byte.
std::optional<std::string> DecodeBase64Url(std::string_view text);

}  // namespace dataservice
