// The schema check of a starting server.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "contract/contract.h"

namespace dataservice::schema {

// The values of --schema_check.
enum class SchemaCheck {
  kRefuse,  // a server does not start on a database that it cannot serve correctly
  kWarn,    // it starts and logs the differences
  kOff,     // no check
};

// Compares the database with the contract, like the schema tool's check. Any role can do it. With
// kRefuse, harmful differences are FAILED_PRECONDITION; with kWarn they are logged as errors. The
// other differences are logged as warnings. UNAVAILABLE if the database cannot be read.
absl::Status CheckAtStart(const Contract& contract, const std::string& conninfo, SchemaCheck check);

}  // namespace dataservice::schema
