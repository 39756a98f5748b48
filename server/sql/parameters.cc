#include "sql/parameters.h"

#include "values/literals.h"

namespace dataservice {

std::vector<std::string> BindParameters(const Statement& statement,
                                        std::span<const Values* const> operations) {
  std::vector<std::string> bound(statement.parameters.size());
  for (size_t i = 0; i < bound.size(); ++i) {
    const Parameter& parameter = statement.parameters[i];
    if (!parameter.array) {
      bound[i] = std::string((*operations.front())[i].value_or(""));
      continue;
    }
    ArrayLiteral array(bound[i], parameter.quote);
    for (const Values* values : operations) array.Add((*values)[i]);
    array.Finish();
  }
  return bound;
}

}  // namespace dataservice
