// What differs between two models.
#pragma once

#include <string>
#include <vector>

#include "schema/model/model.h"

namespace dataservice::schema {

struct TablePair;

struct Difference {
  // "shop.article.title: is varchar(100), not varchar(200)".
  std::string text;
  // A server of the contract would answer wrongly, or fail. Where it is not, the
  // server itself keeps the rule, or is slower.
  bool harmful = false;
};

struct Differences {
  // What the contract asks for and the database does not have, or has otherwise.
  std::vector<Difference> wrong;
  // What the database has beside the contract: allowed, and worth knowing.
  std::vector<std::string> extra;
};

// Of one table, without its comments.
std::vector<Difference> CompareColumnsAndObjects(const TablePair& pair);

Differences Compare(const SchemaModel& wanted, const SchemaModel& actual);

}  // namespace dataservice::schema
