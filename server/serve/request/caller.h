// The identity of the caller of a request that is claimed.
#pragma once

#include <string>
#include <string_view>

namespace dataservice {

// A text for the value of `authorization` that is equal for requests of one caller. Of a
// bearer token with the shape of a JWT (RFC 7519) it is made of the claims iss and sub, so
// that a renewed token of the same subject is the same caller; of any other value, of the
// value. Nothing is verified: callers without permission must be refused before.
std::string CallerOf(std::string_view authorization);

}  // namespace dataservice
