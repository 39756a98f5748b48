// Rows of a result -> wire bytes of the resource's message.
#pragma once

#include <string>
#include <string_view>

#include "postgres/query_result.h"
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

  // As Append, from the statement's first output on, as one element of the repeated field
  // `number`. `size` is an estimate of the message's bytes, and their number afterwards.
  bool AppendElement(ResultRow row, int number, std::string& out, std::string& column,
                     size_t& size) const;

 private:
  const Statement& statement_;
  const Resource& resource_;
  const Column* version_ = nullptr;  // determines the etag, if that is returned
};

}  // namespace dataservice
