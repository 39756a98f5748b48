// Rows of a result -> wire bytes of the resource's message.
#pragma once

#include <google/protobuf/io/coded_stream.h>

#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "contract/resource.h"

namespace dataservice {

// Immutable; thread-safe.
class RowWriter {
 public:
  explicit RowWriter(const Resource& resource);

  // Appends the message of a row whose columns begin at `first`, in the order
  // of Resource::columns. False if the row has a value that the contract cannot
  // express; `column` then names it.
  bool Append(const pqxx::row& row, int first, std::string& out, std::string& column) const;

 private:
  const Resource& resource_;
  const google::protobuf::Message& prototype_;
};

// A value of a row as text; empty for NULL. Lives as long as the result.
std::string_view TextOf(const pqxx::row& row, int column);

// Appends one element of a repeated message field of that number.
void AppendRepeated(int field_number, const std::string& message, std::string& out);

}  // namespace dataservice
