// Digests that stay the same across programs and versions.
#pragma once

#include <string>
#include <string_view>

namespace dataservice::schema {

// 8 hexadecimal digits of SHA-256.
std::string ShortDigest(std::string_view text);

}  // namespace dataservice::schema
