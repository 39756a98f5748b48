// Reading a file that an operator names.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "engine_limits.h"

namespace dataservice {

// The content of a file. INVALID_ARGUMENT if it cannot be read, as a folder, or has more than
// `max_bytes`; the message has the path, and quotes no content. Thread-safe.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t max_bytes = kMaxFileBytes);

}  // namespace dataservice
