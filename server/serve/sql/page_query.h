// The parts that the statements of lists and exports share: the parameters of one operation, and
// the conditions on its rows.
#pragma once

#include <string>
#include <vector>

#include "serve/sql/statement.h"

namespace dataservice {

// Adds parameters to a statement, in the order of the calls. Not thread-safe.
class PageQuery {
 public:
  explicit PageQuery(Statement& statement) : statement_(statement) {}

  // A parameter of an SQL type: "$3::uuid".
  std::string Add(const std::string& type);

  // The condition that the page begins with; empty for a first page.
  std::vector<std::string> After();
  // The equalities of the shape's columns and its filter.
  std::vector<std::string> Restrictions();

 private:
  Statement& statement_;
};

// " WHERE a AND b"; empty without conditions.
std::string Where(const std::vector<std::string>& conditions);

}  // namespace dataservice
