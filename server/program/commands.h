// The schema tool's subcommands that work on a database.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "postgres/credential_source.h"
#include "schema/apply/apply.h"
#include "schema/model/model.h"

namespace dataservice {

// What the command line says; each command reads its part.
struct CommandOptions {
  schema::SchemaRoles roles;
  CredentialSettings credentials;  // of a role that owns the tables
  std::string format = "text";     // or "json"
  std::vector<std::string> allow;
  bool dry_run = false;
  schema::ApplySettings apply;
};

// A subcommand that was given: its exit code. 0 is success, 1 that the database
// does not agree or the work was refused; check has 2 where it cannot look.
using Command = std::function<int(const schema::SchemaModel&)>;

// Adds print, plan, apply and check. `chosen` becomes the one that was parsed.
void AddCommands(CLI::App& app, Command& chosen);

}  // namespace dataservice
