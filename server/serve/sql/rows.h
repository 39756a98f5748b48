// The rows of a batch as a relation: unnest over array parameters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "serve/sql/statement.h"

namespace dataservice {

// Adds array parameters to a statement. Their elements are the columns c1, c2, ... of the relation
// `r`.
class BatchRows {
 public:
  explicit BatchRows(Statement& statement) : statement_(statement) {}

  // Adds a parameter of a column's type whose values are not NULL. Returns the expression of its
  // value: "r.c1", with a cast if it is transferred as text.
  std::string Add(const Column& column);
  // The same for values that may be NULL.
  std::string AddNullable(const Column& column);
  // Adds a parameter of any array type, "text[]".
  std::string Add(const Parameter& parameter, std::string_view type);

  // "unnest($1::uuid[], $2::text[]) AS r(c1, c2)"
  std::string From() const;
  // The same with a column for the number of the row, from 1.
  std::string FromNumbered(std::string_view number) const;

 private:
  Statement& statement_;
  std::string arguments_;
  std::string names_;
  size_t count_ = 0;
};

}  // namespace dataservice
