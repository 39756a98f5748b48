// The program of a service: data_service() compiles it with the contract's files.
#include "program/run_server.h"

int main(int argc, char** argv) {
  dataservice::CustomMethods methods;
  dataservice::RegisterCustomMethods(methods);
  return dataservice::RunServer(argc, argv, CONTRACT_FILES, methods);
}
