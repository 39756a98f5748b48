// Numbers of a filter.
#pragma once

#include <string>
#include <string_view>

namespace dataservice {

// Reads digits, with a minus before them or not, as an Integer: int32_t, int64_t,
// uint32_t or uint64_t. False, with what the value must be in `problem`, for any
// other text.
template <typename Integer>
bool ConvertInteger(std::string_view text, std::string& value, std::string& problem);

// Reads a number as a Float: float or double, rounded to the nearest; a NaN is
// refused, because nothing equals it. For a column it is written with the digits
// that give it back; as JSON with those that ProtoJSON gives it, and infinities
// are 1e999, because SQL compares what JSON holds as numeric.
template <typename Float>
bool ConvertFloat(std::string_view text, bool json, std::string& value, std::string& problem);

}  // namespace dataservice
