// The rows of a batch as a relation: unnest over array parameters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "serve/sql/statement.h"

namespace dataservice {

// Returns the expression of an array parameter, "$1::uuid[]", whose length PostgreSQL's planner
// does not know. The plan for an array of one element costs less than the plan for arrays of any
// length, so PostgreSQL would plan a prepared statement again at each execution with few elements.
// Planning takes longer than reading a row.
std::string OfUnknownLength(std::string_view array);

// Returns the condition that the key of a row of `t` is an element of the parameter $1, an array
// OfUnknownLength().
std::string IsOneOfKeys(const Column& key);

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
  // The same with a column for the number of the row, from 1. The first array is
  // OfUnknownLength(). Requires a parameter.
  std::string FromNumbered(std::string_view number) const;

 private:
  Statement& statement_;
  std::vector<std::string> arguments_;
  std::string names_;
};

}  // namespace dataservice
