// `breaking`: the schema tool's command that compares the contract with an older version.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace dataservice {

// Adds the command to `app` and returns it. `contract_files` are the names of the linked contract's
// files, separated by commas. Parsing the command runs it and throws a CLI::RuntimeError with its
// exit code, for CLI11_PARSE: 0 if nothing breaks, 1 if something does, 2 if one of the versions
// cannot be read.
CLI::App& AddBreakingCommand(CLI::App& app, const std::string& contract_files);

}  // namespace dataservice
