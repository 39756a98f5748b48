// The etag of a row: its version, which grows with every change (postgres/text.h, VersionTime).
#pragma once

#include <string>
#include <string_view>

#include "postgres/time_text.h"

namespace dataservice {

// Appends the etag: the microseconds of the time plus `more`, in hexadecimal digits. Clients must
// not interpret it.
void AppendEtag(Instant update_time, int more, std::string& out);

// Returns the version of an etag as a timestamptz text. Returns "-infinity", which is not the
// version of any row, for a text that AppendEtag() does not produce.
std::string TimestampOfEtag(std::string_view etag);

}  // namespace dataservice
