// The etag of a row: its update_time, which grows with every change.
#pragma once

#include <string>
#include <string_view>

#include "values/time_text.h"

namespace dataservice {

// Opaque to callers; the microseconds of the time in hexadecimal.
void AppendEtag(Instant update_time, std::string& out);

// The timestamptz text of the update_time behind an etag. An etag that none of
// ours equals gives "-infinity", which equals no row's time.
std::string TimestampOfEtag(std::string_view etag);

}  // namespace dataservice
