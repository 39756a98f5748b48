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

  // Appends the message of a row that has the statement's outputs from column
  // `first` on, with the fields that the statement answers. False if the row has a value that the
  // contract cannot express; `column` then names it, and `out` is no message.
  bool Append(ResultRow row, int first, std::string& out, std::string& column) const;

  // As Append, from the statement's first column on, as one element of the repeated
  // field `number`. `size` is about how many bytes the message will have, and how many
  // it got.
  bool AppendElement(ResultRow row, int number, std::string& out, std::string& column,
                     size_t& size) const;

 private:
  const Statement& statement_;
  const Resource& resource_;
  const Column* version_ = nullptr;  // whose value the etag is made of, if answered
};

}  // namespace dataservice
