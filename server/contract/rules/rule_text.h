// Texts of the values of rules, for violations.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "contract/rules/value.h"

namespace dataservice::rules {

std::string Text(int64_t value);
std::string Text(uint64_t value);
// The shortest decimal notation that reads as the same number: "0.1", "-Infinity", "NaN".
std::string Text(double value);
std::string Text(float value);
// Seconds with an "s": "1.5s".
std::string DurationText(absl::int128 nanoseconds);
// RFC 3339: "2024-01-02T03:04:05.6Z".
std::string TimestampText(absl::int128 nanoseconds);
std::string Hex(std::string_view bytes);
// The bytes themselves if they are printable ASCII, otherwise hexadecimal digits.
std::string BytesText(std::string_view bytes);
// "[1, 2]"
std::string ListText(const std::vector<std::string>& items);

}  // namespace dataservice::rules
