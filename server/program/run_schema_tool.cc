#include "program/run_schema_tool.h"

#include <CLI/CLI.hpp>

#include "contract/contract.h"
#include "postgres/conninfo.h"
#include "program/breaking_command.h"
#include "program/commands.h"
#include "program/describe_command.h"
#include "program/fail.h"
#include "program/options.h"

namespace dataservice {

int RunSchemaTool(int argc, char** argv, const std::string& contract_files) {
  CLI::App app("The database schema of the contract.");
  app.require_subcommand(1);
  Command command;
  AddCommands(app, command);
  ReadEnvironment(AddBreakingCommand(app, contract_files));
  AddDescribeCommand(app, contract_files);
  CLI11_PARSE(app, argc, argv);

  SetSessionEnvironment();
  const auto contract = Contract::BuildFromGeneratedPool(contract_files);
  if (!contract.ok()) return Fail(contract.status());
  return command(schema::ModelOfContract(**contract));
}

}  // namespace dataservice
