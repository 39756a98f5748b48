// Rows of a result -> wire bytes of the resource's message.
#pragma once

#include <google/protobuf/io/coded_stream.h>

#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "sql/statement.h"

namespace dataservice {

// Immutable; thread-safe. The statement, which has outputs, outlives it.
class RowWriter {
 public:
  explicit RowWriter(const Statement& statement);

  // Appends the message of a row that has the statement's outputs from column
  // `first` on, with the fields that the statement answers. False if the row has a value that the
  // contract cannot express; `column` then names it.
  bool Append(const pqxx::row& row, int first, std::string& out, std::string& column) const;

 private:
  const Statement& statement_;
  const Resource& resource_;
  const Column* version_ = nullptr;  // whose value the etag is made of, if answered
};

// A value of a row as text; empty for NULL. Lives as long as the result.
std::string_view TextOf(const pqxx::row& row, int column);

// Appends one element of a repeated message field of that number.
void AppendRepeated(int field_number, const std::string& message, std::string& out);

}  // namespace dataservice
