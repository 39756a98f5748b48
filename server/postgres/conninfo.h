// Connection parameters.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"

namespace dataservice {

// libpq's connection parameters, by keyword (PostgreSQL manual, 34.1.2).
using ConnInfoParameters = std::map<std::string, std::string>;

// What a connection string or URI says itself, without defaults. INVALID_ARGUMENT, without
// the string's text (it may hold a password), if it cannot be read.
absl::StatusOr<ConnInfoParameters> ParseConnInfo(const std::string& conninfo);

// Whether they say where the server is: by host, hostaddr or service.
bool NamesHost(const ConnInfoParameters& parameters);

// Adds what the engine needs and nobody said; see CompleteConnInfo.
void AddDefaults(const std::string& application_name, ConnInfoParameters& parameters);

// A connection string of them.
std::string FormatConnInfo(const ConnInfoParameters& parameters);

// Completes a libpq connection string or URI (PostgreSQL manual, 34.1.1) with
// what the engine needs and the caller did not say: a connect time-out of 3 s,
// TCP keepalives and a tcp_user_timeout that notice a dead peer in about 10 s, an
// application_name.
// INVALID_ARGUMENT, without the string's text (it may hold a password), if it
// cannot be read.
absl::StatusOr<std::string> CompleteConnInfo(const std::string& conninfo,
                                             const std::string& application_name);

// Sets PGTZ and PGDATESTYLE, so that every connection speaks UTC and ISO from
// its start-up packet on: a SET would pin a proxy's connection, and `options`
// is refused by poolers. Call once, before threads start.
void SetSessionEnvironment();

}  // namespace dataservice
