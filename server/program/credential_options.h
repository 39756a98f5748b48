// The options that say how the database is reached, the same for every program.
#pragma once

#include <CLI/CLI.hpp>

#include "postgres/credential_source.h"

namespace dataservice {

// Adds --database, --database_secret and --credentials_command. CredentialSource::Create
// reports combinations that are not possible.
inline void AddCredentialOptions(CLI::App& app, CredentialSettings& settings) {
  app.add_option("--database", settings.conninfo, "PostgreSQL: libpq connection string or URI");
  app.add_option("--database_secret", settings.secret,
                 "Credentials as a JSON object {\"username\",\"password\"}, of Secrets Manager; or "
                 "@FILE, read for each new connection");
  app.add_option("--credentials_command", settings.command,
                 "Command that prints such JSON, with \"expires_at\" where the password expires; "
                 "run when a new connection is made");
}

}  // namespace dataservice
