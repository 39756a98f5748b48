// The plan of a statement.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace dataservice {

// EXPLAIN of a statement with parameters $1 to $n, whose values the plan does not depend on
// (a generic plan). Nothing is executed. Makes a connection for it, which holds state that pins it
// in a pooler, and closes it. UNAVAILABLE, with the message of PostgreSQL or libpq, if there is no
// plan. Blocks, for some seconds at most.
absl::StatusOr<std::string> ExplainStatement(const std::string& conninfo, const std::string& text,
                                             size_t parameters);

}  // namespace dataservice
