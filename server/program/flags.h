// The server's settings, from flags and environment.
#pragma once

#include <chrono>
#include <string>

#include "postgres/credential_source.h"
#include "program/flag_values.h"
#include "schema/apply/startup_check.h"
#include "serve/execution/claim_cleaner.h"
#include "serve/execution/executor.h"
#include "serve/identity/identity_settings.h"
#include "serve/monitoring/monitor.h"
#include "serve/rpc/server.h"

namespace dataservice {

struct DatabaseSettings {
  CredentialSettings credentials;
  // See ConnectionSettings.
  PreparedStatements prepared_statements = PreparedStatements::kAuto;
  // What to do with a database that does not fit the contract.
  schema::SchemaCheck schema_check = schema::SchemaCheck::kRefuse;
};

struct ReaderDatabaseSettings {
  // What differs from the connection string of the writer, such as "host=..."; empty: there is no
  // reader.
  std::string conninfo;
  // As those of ExecutionSettings; 0: as many.
  int workers = 0;
  std::chrono::milliseconds max_lag{1000};
};

struct PageTokenSettings {
  // File with the key that signs page tokens; servers that serve the same callers share it.
  // Empty: a random key, and tokens are valid until the process ends.
  std::string key_file;
};

struct SecuritySettings {
  // File with the policy (serve/policy/README.md); empty: every caller may call every method.
  std::string policy_file;
  // File of the audit log, or "stderr"; empty: nothing is recorded.
  std::string audit_log;
};

struct ServerSettings {
  RpcSettings rpc;
  ExecutionSettings execution;
  DatabaseSettings database;
  ReaderDatabaseSettings reader;
  PageTokenSettings page_tokens;
  ClaimSettings claims;
  SecuritySettings security;
  IdentitySettings identity;
  MonitoringSettings monitoring;
  FlagValues values;
};

// Reads the command line and the environment. If the program must not continue (--help,
// --print_config, an error), prints why, sets `exit_code` and returns false.
bool ParseFlags(int argc, char** argv, ServerSettings& settings, int& exit_code);

}  // namespace dataservice
