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

// The options of all commands; each command reads its own.
struct CommandOptions {
  schema::SchemaRoles roles;
  CredentialSettings credentials;  // of a role that owns the tables
  std::string format = "text";     // or "json"
  std::vector<std::string> allow;
  bool dry_run = false;
  schema::ApplySettings apply;
};

// Runs the chosen subcommand and returns its exit code: 0 for success, 1 if the database differs
// from the contract or the work was refused. `check` returns 2 if it cannot read the database.
using Command = std::function<int(const schema::SchemaModel&)>;

// Adds print, plan, apply and check. Parsing sets `chosen`.
void AddCommands(CLI::App& app, Command& chosen);

}  // namespace dataservice
