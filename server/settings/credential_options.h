// The options that say how the database is reached, the same for every program.
#pragma once

#include <CLI/CLI.hpp>

#include "database/credential_source.h"

namespace dataservice {

// Adds --database, --database_secret and --credentials_command, each with its variable.
// Whether what they say goes together CredentialSource::Create tells.
inline void AddCredentialOptions(CLI::App& app, CredentialSettings& settings) {
  app.add_option("--database", settings.conninfo,
                 "PostgreSQL: libpq connection string or URI (env DATABASE)")
      ->envname("DATABASE");
  app.add_option("--database_secret", settings.secret,
                 "Credentials as a JSON object {\"username\",\"password\"}, of Secrets Manager; or "
                 "@FILE, read for each new connection (env DATABASE_SECRET)")
      ->envname("DATABASE_SECRET");
  app.add_option("--credentials_command", settings.command,
                 "Command that prints such JSON, with \"expires_at\" where the password expires; "
                 "run when a new connection is made (env CREDENTIALS_COMMAND)")
      ->envname("CREDENTIALS_COMMAND");
}

}  // namespace dataservice
