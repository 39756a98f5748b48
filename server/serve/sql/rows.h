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

  // Adds the parameters of the row's key, which is c1, and of its owner, if the resource has one,
  // which is c2.
  void AddKey(const Resource& resource);

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

// The keys and owners of a batch's operations, parameters 1 and 2, as a relation with the columns
// c1 and c2: "unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2)". The resource has an
// owner. The planner does not know the number of keys.
std::string KeysAndOwners(const Resource& resource);
// These parameters.
std::vector<Parameter> KeyAndOwnerParameters(const Resource& resource);

// The condition that a row `alias` of the resource has the key and, if it has one, the owner of
// the row `rows`, whose columns c1 and c2 BatchRows::AddKey() made: "t.id = r.c1 AND t.owner =
// r.c2".
std::string IsRow(const Resource& resource, std::string_view alias, std::string_view rows);

// ", r.c2" if the resource has an owner.
std::string AndOwner(const Resource& resource, std::string_view rows);

}  // namespace dataservice
