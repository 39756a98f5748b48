// Literals of filters that are times, durations and dates.
#pragma once

#include "serve/values/codec.h"

namespace dataservice {

// RFC 3339 with any offset: "2012-04-21T11:30:00.5-04:00". For a column it is
// written as a timestamptz, cut off to microseconds; as JSON as ProtoJSON has it,
// in UTC, but without the Z, so that the order of texts is that of times.
LiteralFunction ConvertTimestamp;

// "20s", "-1.2s". For a column it is written as an interval, cut off to
// microseconds; as JSON as the number of seconds.
LiteralFunction ConvertDuration;

// "2012-04-21"
LiteralFunction ConvertDate;

}  // namespace dataservice
