// `breaking`: the schema tool's command that compares the contract with an older version.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace dataservice::breaking {

// Adds the command to `app`. `contract_files` names those of the contract that is linked
// in, comma-separated. Parsing the command runs it, and ends with a CLI::RuntimeError that
// holds its exit code, as CLI11_PARSE understands it: 0 nothing breaks, 1 something does, 2
// one of the versions cannot be read.
void AddBreakingCommand(CLI::App& app, const std::string& contract_files);

}  // namespace dataservice::breaking
