// The schema tool as a function, for the programs that data_service() makes.
#pragma once

#include <string>

namespace dataservice {

// Runs the command that the arguments name; returns the process's exit code. `contract_files`
// are names in the generated pool, comma-separated.
int RunSchemaTool(int argc, char** argv, const std::string& contract_files);

}  // namespace dataservice
