// Literals of times, durations and dates of filters. Each function returns false, with the
// expected form in `problem`, for any other text.
#pragma once

#include <string>
#include <string_view>

namespace dataservice {

// RFC 3339 with any offset: "2012-04-21T11:30:00.5-04:00". For a column it is
// written as a timestamptz, cut off to microseconds; as JSON as ProtoJSON has it,
// in UTC, but without the Z, so that the order of texts is that of times.
bool ConvertTimestamp(std::string_view text, bool json, std::string& value, std::string& problem);

// "20s", "-1.2s". For a column it is written as an interval, cut off to
// microseconds; as JSON as the number of seconds.
bool ConvertDuration(std::string_view text, bool json, std::string& value, std::string& problem);

// "2012-04-21"
bool ConvertDate(std::string_view text, std::string& value, std::string& problem);

}  // namespace dataservice
