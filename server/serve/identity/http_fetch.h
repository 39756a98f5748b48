// One HTTP GET, by libcurl.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace dataservice {

// Whether the text begins with https:// or http://, in any case.
bool IsHttpUrl(std::string_view text);

// The body of a 200 response. UNAVAILABLE otherwise: also for a redirect, for a body of more
// than 256 KiB, after 10 s, and soon after `cancelled` becomes true. `ca_file` has the CAs of
// an https URL; empty: those of the system. Blocks.
absl::StatusOr<std::string> HttpFetch(const std::string& url, const std::string& ca_file,
                                      const std::atomic<bool>& cancelled);

}  // namespace dataservice
