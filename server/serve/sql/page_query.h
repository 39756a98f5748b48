// What the statements of a list and of an export share: one operation's
// parameters, and which rows are meant.
#pragma once

#include <string>
#include <vector>

#include "serve/sql/statement.h"

namespace dataservice {

// Adds parameters to the statement of its shape; in the order of its calls.
class PageQuery {
 public:
  explicit PageQuery(Statement& statement) : statement_(statement) {}

  // A parameter of an SQL type: "$3::uuid".
  std::string Add(const std::string& type);

  // Where the page begins; nothing for a first page.
  std::vector<std::string> After();
  // The equalities of the shape's columns and its filter.
  std::vector<std::string> Restrictions();

 private:
  Statement& statement_;
};

// " WHERE a AND b"; empty without conditions.
std::string Where(const std::vector<std::string>& conditions);

}  // namespace dataservice
