// `describe`: the schema tool's command that writes what the engine has decided about a
// contract.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace dataservice {

// Adds the command to `app`. `contract_files` are the names of the files of the linked
// contract, separated by commas. Parsing the command runs it, and ends with a
// CLI::RuntimeError with its exit code, as CLI11_PARSE expects: 0, or 1 if the contract
// is not valid or cannot be read.
void AddDescribeCommand(CLI::App& app, const std::string& contract_files);

}  // namespace dataservice
