// What a server looks at before it serves.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "contract/contract.h"

namespace dataservice::schema {

// What --schema_check says.
enum class SchemaCheck {
  kRefuse,  // a server does not serve a database that it would get wrong
  kWarn,    // it serves it, and says so in the log
  kOff,     // it does not look
};

// Compares the database with the contract, as the schema tool's check does, with
// any role. What a server would get wrong is FAILED_PRECONDITION, and an error in the
// log otherwise; the rest is a warning each. UNAVAILABLE if the database is not to
// be had.
absl::Status CheckAtStart(const Contract& contract, const std::string& conninfo, SchemaCheck check);

}  // namespace dataservice::schema
