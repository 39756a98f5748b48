// The schema tool of a contract: data_service() compiles it with the contract's files.
#include "program/run_schema_tool.h"

int main(int argc, char** argv) { return dataservice::RunSchemaTool(argc, argv, CONTRACT_FILES); }
