// Keys made by the server.
#pragma once

#include <string>

namespace dataservice {

// A UUID of version 7 (RFC 9562, 5.7), lower case: milliseconds first, so that
// new rows stand together in the index, then the fraction of the millisecond
// and 62 random bits. Thread-safe.
std::string NewUuid();

}  // namespace dataservice
