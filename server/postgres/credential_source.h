// Where a connection string comes from: a fixed one, completed with credentials that may
// change while the program runs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/conninfo.h"
#include "postgres/credential_cache.h"
#include "postgres/credentials.h"

namespace dataservice {

// At least one is given; `secret` and `command` exclude each other.
struct CredentialSettings {
  // libpq connection string or URI. A password is better in PGPASSFILE or in one of the
  // others than on the command line, where everyone can read it.
  std::string conninfo;
  // Of a standby: the connection string of the writer, which has all parameters that `conninfo`
  // does not name, except host, hostaddr, service and target_session_attrs, and its port if that is
  // a list or `conninfo` has a service.
  std::string writer_conninfo = {};
  // JSON (ParseCredentials), or @FILE: a file with it, read for each new connection, so
  // that one that is replaced holds without a restart.
  std::string secret;
  // A command line that prints such JSON (RunCommand, CommandWords), run when a new
  // connection needs it; see CredentialCache for when.
  std::string command;
};

// Thread-safe.
class CredentialSource {
 public:
  // `application_name` as for CompleteConnInfo. Reads a secret once, to find a fault at
  // start; does not run the command. INVALID_ARGUMENT, without secrets in its text.
  static absl::StatusOr<std::unique_ptr<CredentialSource>> Create(
      const CredentialSettings& settings, const std::string& application_name);

  // The completed connection string of a connection that is made now. User and password of
  // the credentials hold before those of the connection string; their host, port and dbname
  // only where it names none (for host and port, nor a service of libpq): a secret names the
  // cluster, but a service connects to the proxy before it. UNAVAILABLE while there are no
  // credentials. May run the command: blocks for kCredentialsTimeout at most.
  absl::StatusOr<std::string> ConnInfo();

  // Says that the last one opened no connection.
  void Refused();

 private:
  CredentialSource(ConnInfoParameters fixed, std::string secret)
      : fixed_(std::move(fixed)), secret_(std::move(secret)) {}

  absl::StatusOr<Credentials> ReadSecret() const;

  const ConnInfoParameters fixed_;
  const std::string secret_;
  std::optional<CredentialCache> command_;
};

}  // namespace dataservice
