// The server as a function, for the programs that data_service() makes.
#pragma once

#include <string_view>

#include "serve/custom/custom_methods.h"

namespace dataservice {

// Serves until SIGTERM or SIGINT; returns the process's exit code. `contract_files`
// are names in the generated pool, comma-separated.
int RunServer(int argc, char** argv, std::string_view contract_files, const CustomMethods& methods);

}  // namespace dataservice
