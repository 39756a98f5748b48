// The etag of a row: its version, which grows with every change (postgres/text.h, VersionTime).
#pragma once

#include <string>
#include <string_view>

#include "postgres/time_text.h"

namespace dataservice {

// Opaque to callers; the microseconds of the time, and `more`, in hexadecimal.
void AppendEtag(Instant update_time, int more, std::string& out);

// The timestamptz text of the version behind an etag. An etag that none of ours equals
// gives "-infinity", which equals no row's version.
std::string TimestampOfEtag(std::string_view etag);

}  // namespace dataservice
