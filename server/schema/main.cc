// The schema tool of a contract: what the database team runs.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "contract/contract.h"
#include "database/conninfo.h"
#include "schema/apply.h"
#include "schema/ddl.h"

namespace {

using namespace dataservice;

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return 1;
}

void AddRoles(CLI::App& command, SchemaRoles& roles) {
  command.add_option("--app_role", roles.app, "Role of the server: reads and writes rows")
      ->envname("APP_ROLE");
  command.add_option("--reader_role", roles.reader, "Role that reads rows")->envname("READER_ROLE");
}

int RunApply(const SchemaModel& model, const SchemaRoles& roles, const std::string& database) {
  const auto session = SchemaSession::Connect(database);
  if (!session.ok()) return Fail(session.status());
  const auto done = Apply(**session, model, roles);
  if (!done.ok()) return Fail(done.status());
  std::fputs(done->c_str(), stdout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The database schema of the contract.");
  app.require_subcommand(1);
  SchemaRoles roles;
  std::string database;
  CLI::App* print = app.add_subcommand("print", "Print the DDL for an empty database");
  AddRoles(*print, roles);
  CLI::App* apply = app.add_subcommand(
      "apply", "Make the schema in an empty database; do nothing in one that agrees");
  AddRoles(*apply, roles);
  apply
      ->add_option("--database", database,
                   "PostgreSQL: libpq connection string or URI (env DATABASE). The role owns the "
                   "tables")
      ->envname("DATABASE")
      ->required();
  CLI11_PARSE(app, argc, argv);

  SetSessionEnvironment();
  const auto contract = Contract::BuildFromGeneratedPool(CONTRACT_FILES);
  if (!contract.ok()) return Fail(contract.status());
  const SchemaModel model = ModelOfContract(**contract);
  if (apply->parsed()) return RunApply(model, roles, database);
  std::fputs(DdlScript(model, roles).c_str(), stdout);
  return 0;
}
