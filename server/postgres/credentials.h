// Who connects, as a secret store tells it.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dataservice {

// Empty text: not said.
struct Credentials {
  std::string username;
  std::string password;
  std::string host;
  std::string port;
  std::string dbname;
  // From then on the password opens no new connection.
  absl::Time expires_at = absl::InfiniteFuture();
};

// Reads the JSON of a database secret in AWS Secrets Manager: {"username", "password",
// "host", "port" (number or text), "dbname"}, of which the first two are required, and
// "expires_at" (RFC 3339) where the password is valid for a time only; what else is in
// it does not matter. INVALID_ARGUMENT, without a word of the text, if it is none.
absl::StatusOr<Credentials> ParseCredentials(std::string_view json);

}  // namespace dataservice
