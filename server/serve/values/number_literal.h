// Number literals of filters.
#pragma once

#include <string>
#include <string_view>

namespace dataservice {

// Reads digits, with an optional minus sign, as an Integer: int32_t, int64_t, uint32_t or uint64_t.
// Returns false, with the expected form in `problem`, for any other text.
template <typename Integer>
bool ConvertInteger(std::string_view text, std::string& value, std::string& problem);

// Reads a number as a Float, float or double, rounded to the nearest. Rejects NaN, which no value
// equals. For a column, writes the shortest text that reads as the same number. For JSON, writes
// the digits that ProtoJSON writes, and infinities as 1e999, because SQL compares the numbers of
// JSON as numeric.
template <typename Float>
bool ConvertFloat(std::string_view text, bool json, std::string& value, std::string& problem);

}  // namespace dataservice
