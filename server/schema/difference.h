// What differs between two models.
#pragma once

#include <string>
#include <vector>

#include "schema/model.h"

namespace dataservice {

struct Differences {
  // What the contract asks for and the database does not have, or has otherwise.
  std::vector<std::string> wrong;
  // What the database has beside the contract: allowed, and worth knowing.
  std::vector<std::string> extra;
};

// One line a difference: "shop.article.title: is varchar(100), not varchar(200)".
Differences Compare(const SchemaModel& wanted, const SchemaModel& actual);

}  // namespace dataservice
