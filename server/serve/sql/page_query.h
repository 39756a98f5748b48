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
  PageQuery(Statement& statement, const Resource& resource)
      : statement_(statement), resource_(resource) {}

  // A parameter of an SQL type: "$3::uuid".
  std::string Add(const std::string& type);

  // Where the page begins (serve/sql/keyset.h).
  std::string After(const std::vector<OrderTerm>& order, const std::vector<bool>& after);
  // The equalities of the columns, and the filter.
  std::vector<std::string> Restrictions(const std::vector<int>& columns,
                                        const Condition& condition);

 private:
  Statement& statement_;
  const Resource& resource_;
};

// " WHERE a AND b"; empty without conditions.
std::string Where(const std::vector<std::string>& conditions);

}  // namespace dataservice
