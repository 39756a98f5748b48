// The differences between two models.
#pragma once

#include <string>
#include <vector>

#include "schema/model/model.h"

namespace dataservice::schema {

struct TablePair;

struct Difference {
  // "shop.article.title: is varchar(100), not varchar(200)".
  std::string text;
  // Whether a server of the contract would return wrong results or fail. Otherwise the server
  // itself enforces the rule, or is slower.
  bool harmful = false;
};

struct Differences {
  // What the contract requires and the database lacks or has in another form.
  std::vector<Difference> wrong;
  // What the database has besides the contract. This is allowed.
  std::vector<std::string> extra;
};

// The differences of one table, without those of its comment.
std::vector<Difference> CompareColumnsAndObjects(const TablePair& pair);

Differences Compare(const SchemaModel& wanted, const SchemaModel& actual);

}  // namespace dataservice::schema
