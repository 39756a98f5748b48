// Tells callers apart where the server verifies no identities.
#pragma once

#include <string>
#include <string_view>

namespace dataservice {

// A text for the value of `authorization` that is equal for requests of one caller. Of a
// bearer token with the shape of a JWT (RFC 7519) it is made of the claims iss and sub, so
// that a renewed token of the same subject is the same caller; of any other value, of the
// value. Nothing is verified: it only keeps the request_ids of different callers apart.
std::string UnverifiedCaller(std::string_view authorization);

}  // namespace dataservice
