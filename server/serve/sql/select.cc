#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "serve/sql/computed.h"
#include "serve/sql/keyset.h"
#include "serve/sql/page_query.h"
#include "serve/sql/rows.h"
#include "serve/sql/statement.h"

namespace dataservice {
namespace {

std::string JoinsOf(const Resource& resource, const std::optional<ReadMask>& mask) {
  return mask ? ComputedJoins(resource, mask->computed, "t") : "";
}

}  // namespace

Statement BuildGet(const GetShape& shape) {
  const Resource& resource = *shape.resource;
  const Column& key = resource.key_column();
  Statement statement{.shape = shape};
  const std::vector<Output> outputs = OutputsOf(statement.shape);
  statement.key_column = PositionOfKey(outputs, resource);
  statement.first_column = 0;
  const std::string list = OutputList(outputs, "t");
  const std::string joins = JoinsOf(resource, shape.read_mask);
  if (resource.is_private() && !shape.all_owners) {
    statement.owner_column = PositionOfOwner(outputs, resource);
    statement.parameters = KeyAndOwnerParameters(resource);
    statement.text =
        absl::StrCat("SELECT ", list, " FROM ", KeysAndOwners(resource), " JOIN ",
                     TableName(resource), " AS t ON ", IsRow(resource, "t", "k"), joins);
    return statement;
  }
  statement.text = absl::StrCat("SELECT ", list, " FROM ", TableName(resource), " AS t", joins,
                                " WHERE ", IsOneOfKeys(key));
  statement.parameters = {BatchParameter(key)};
  return statement;
}

Statement BuildList(const ListShape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  PageQuery query(statement, resource);
  // All rows of the list, and those of this page on.
  std::vector<std::string> page;
  if (!shape.after.empty()) page.push_back(query.After(shape.order, shape.after));
  const std::vector<std::string> list = query.Restrictions(shape.columns, shape.condition);
  page.insert(page.end(), list.begin(), list.end());
  const std::string from = absl::StrCat(" FROM ", TableName(resource), " AS t");
  const std::string limit = absl::StrCat(" LIMIT ", query.Add("bigint"));
  const std::string order = absl::StrCat(" ORDER BY ", OrderList(resource, shape.order, "t"));
  const std::string joins = JoinsOf(resource, shape.read_mask);
  const std::vector<Output> outputs = OutputsOf(statement.shape);
  const std::string list_of_outputs = OutputList(outputs, "t");
  statement.first_column = shape.total ? 1 : 0;
  statement.key_column = statement.first_column + PositionOfKey(outputs, resource);
  if (!shape.total && joins.empty()) {
    statement.text = absl::StrCat("SELECT ", list_of_outputs, from, Where(page), order, limit);
    return statement;
  }
  // What is computed is so for the rows of the page only.
  const std::string rows = absl::StrCat("(SELECT t.*", from, Where(page), order, limit, ") AS t");
  if (!shape.total) {
    statement.text = absl::StrCat("SELECT ", list_of_outputs, " FROM ", rows, joins, order);
    return statement;
  }
  // One row of NULLs beside the count where the page is empty.
  statement.text =
      absl::StrCat("SELECT n.total, ", list_of_outputs, " FROM (SELECT count(*) AS total", from,
                   Where(list), ") AS n LEFT JOIN ", rows, " ON true", joins, order);
  return statement;
}

}  // namespace dataservice
