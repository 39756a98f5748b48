// The schema tool of a contract, for the database team.
#include <CLI/CLI.hpp>

#include "contract/contract.h"
#include "postgres/conninfo.h"
#include "program/commands.h"
#include "program/describe_command.h"
#include "program/fail.h"
#include "program/options.h"
#include "schema/breaking/command.h"

int main(int argc, char** argv) {
  using namespace dataservice;
  CLI::App app("The database schema of the contract.");
  app.require_subcommand(1);
  Command command;
  AddCommands(app, command);
  ReadEnvironment(breaking::AddBreakingCommand(app, CONTRACT_FILES));
  AddDescribeCommand(app, CONTRACT_FILES);
  CLI11_PARSE(app, argc, argv);

  SetSessionEnvironment();
  const auto contract = Contract::BuildFromGeneratedPool(CONTRACT_FILES);
  if (!contract.ok()) return Fail(contract.status());
  return command(schema::ModelOfContract(**contract));
}
