#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dataservice::rules {

// Whether `text` is UTF-8 by RFC 3629: shortest forms, no surrogates, at most U+10FFFF.
bool IsUtf8(std::string_view text);

// Number of code points of valid UTF-8.
size_t CodePoints(std::string_view text);

// The first bytes of `text`, at most `most`, without a part of a character at their end. `text`
// need not be valid.
std::string_view CutUtf8(std::string_view text, size_t most);

// The text; of one that is longer than `most` bytes, what CutUtf8() returns and "...".
std::string ShortenUtf8(std::string_view text, size_t most);

}  // namespace dataservice::rules
