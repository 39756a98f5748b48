// Rows of a result -> wire bytes of the resource's message.
#pragma once

#include <string>

#include "postgres/query_result.h"
#include "serve/sql/row_version.h"
#include "serve/sql/statement.h"

namespace dataservice {

// Immutable; thread-safe. The statement, which has outputs, outlives it.
class RowWriter {
 public:
  explicit RowWriter(const Statement& statement);

  // Appends the message of a row, whose column `first` is the statement's first output, with the
  // fields that the statement returns. Returns false if the contract cannot express a value of the
  // row; `column` is then its name, and `out` is not a complete message.
  bool Append(ResultRow row, int first, std::string& out, std::string& column) const;

 private:
  const Statement& statement_;
  const Resource& resource_;
  const RowVersion version_;
};

}  // namespace dataservice
