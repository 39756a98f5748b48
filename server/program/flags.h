// The server's settings, from flags and environment.
#pragma once

#include <string>

#include "postgres/credential_source.h"
#include "schema/apply/startup_check.h"
#include "serve/execution/claim_cleaner.h"
#include "serve/execution/executor.h"
#include "serve/rpc/server.h"

namespace dataservice {

struct DatabaseSettings {
  CredentialSettings credentials;
  // See ConnectionSettings.
  bool prepared_statements = false;
  // Whether a database that is not the contract's is served.
  SchemaCheck schema_check = SchemaCheck::kRefuse;
};

struct PageTokenSettings {
  // File with the key that signs page tokens; servers that answer for the same
  // callers share it. Empty: a random one, and tokens end with the process.
  std::string key_file;
};

struct ServerSettings {
  RpcSettings rpc;
  ExecutionSettings execution;
  DatabaseSettings database;
  PageTokenSettings page_tokens;
  ClaimSettings claims;
};

// Reads the command line. If the program should not go on (--help, an error),
// says why, sets `exit_code` and answers false.
bool ParseFlags(int argc, char** argv, ServerSettings& settings, int& exit_code);

}  // namespace dataservice
