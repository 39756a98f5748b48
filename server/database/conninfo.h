// Connection parameters.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace dataservice {

// Completes a libpq connection string or URI (PostgreSQL manual, 34.1.1) with
// what the engine needs and the caller did not say: a connect time-out of 3 s,
// TCP keepalives that notice a dead peer in about 10 s, an application_name.
// INVALID_ARGUMENT, without the string's text (it may hold a password), if it
// cannot be read.
absl::StatusOr<std::string> CompleteConnInfo(const std::string& conninfo,
                                             const std::string& application_name);

// Sets PGTZ and PGDATESTYLE, so that every connection speaks UTC and ISO from
// its start-up packet on: a SET would pin a proxy's connection, and `options`
// is refused by poolers. Call once, before threads start.
void SetSessionEnvironment();

}  // namespace dataservice
