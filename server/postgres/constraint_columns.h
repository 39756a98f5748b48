// Which columns a constraint is about.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "postgres/connection.h"

namespace dataservice {

// PostgreSQL names the constraint, or the unique index, that refuses a row. Its columns
// are read from the catalog, so that a table that others made is understood as well. What
// was read is remembered for a minute, because an import may have many rows that are
// refused. Belongs to one thread.
class ConstraintColumns {
 public:
  explicit ConstraintColumns(Connection& connection) : connection_(connection) {}

  // Adds the columns to an error that names a constraint and has none; makes its table the
  // partitioned one where it is a partition. Leaves the error as it is where the catalog
  // cannot be read within `limit`.
  void Complete(SqlError& error, const StatementLimit& limit);

 private:
  struct Known {
    std::string schema;
    std::string table;
    std::vector<std::string> columns;
  };

  Connection& connection_;
  absl::flat_hash_map<std::string, Known> known_;
  std::chrono::steady_clock::time_point forget_at_;
};

}  // namespace dataservice
