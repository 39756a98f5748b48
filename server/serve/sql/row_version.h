// The etag of a row of a result.
#pragma once

#include <string>

#include "postgres/query_result.h"
#include "serve/sql/statement.h"

namespace dataservice {

// Immutable; thread-safe. The statement, which has outputs, outlives it.
class RowVersion {
 public:
  explicit RowVersion(const Statement& statement);

  // Appends the etag of a row, whose column `first` is the statement's first output. Returns false
  // if the statement does not return the etag, or the row has no version. Appends nothing for a
  // version that is not a time of the years 1 to 9999.
  bool AppendEtagOf(ResultRow row, int first, std::string& out) const;

 private:
  const Statement& statement_;
  int position_ = -1;  // of the version among the outputs; -1: the etag is not returned
};

}  // namespace dataservice
