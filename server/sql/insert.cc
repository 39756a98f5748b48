#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sql/rows.h"
#include "sql/statement.h"
#include "sql/text.h"

namespace dataservice {
namespace {

// "INSERT ... SELECT ... FROM unnest(...)": what create and upsert share. The
// key's parameter comes first, as every operation gives it.
std::string InsertRows(const Shape& shape, Statement& statement) {
  const Resource& resource = *shape.resource;
  std::vector<std::string> names;
  std::vector<std::string> values;
  BatchRows rows(statement);
  const auto add = [&](int i, std::string value) {
    names.push_back(Identifier(resource.columns[static_cast<size_t>(i)].name));
    values.push_back(std::move(value));
  };
  add(resource.key, rows.Add(resource.key_column()));
  for (const int i : shape.columns) {
    if (i != resource.key) add(i, rows.Add(resource.columns[static_cast<size_t>(i)]));
  }
  // One clock reading for both times.
  const bool timed = resource.create_time >= 0 || resource.update_time >= 0;
  if (resource.create_time >= 0) add(resource.create_time, "c.now");
  if (resource.update_time >= 0) add(resource.update_time, "c.now");
  return absl::StrCat("INSERT INTO ", TableName(resource), " AS t (", absl::StrJoin(names, ", "),
                      ") SELECT ", absl::StrJoin(values, ", "), " FROM ", rows.From(),
                      timed ? " CROSS JOIN (SELECT clock_timestamp() AS now) AS c" : "",
                      " ON CONFLICT (", Identifier(resource.key_column().name), ") DO ");
}

}  // namespace

Statement BuildCreate(const Shape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  statement.text =
      absl::StrCat(InsertRows(shape, statement), "NOTHING RETURNING ", OutputList(resource, "t"));
  statement.key_column = resource.key;
  statement.first_column = 0;
  return statement;
}

Statement BuildUpsert(const Shape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  const std::string insert = InsertRows(shape, statement);
  std::vector<std::string> sets;
  std::vector<std::string> unchanged;
  for (const int i : shape.changes) {
    const Column& column = resource.columns[static_cast<size_t>(i)];
    const std::string name = Identifier(column.name);
    if (column.immutable) {
      unchanged.push_back(absl::StrCat("t.", name, " IS NOT DISTINCT FROM excluded.", name));
    } else {
      sets.push_back(absl::StrCat(name, " = excluded.", name));
    }
  }
  if (!sets.empty() && resource.update_time >= 0) {
    const Column& column = resource.columns[static_cast<size_t>(resource.update_time)];
    sets.push_back(absl::StrCat(Identifier(column.name), " = ", NextUpdateTime(resource, "t")));
  }
  if (sets.empty()) {  // DO UPDATE needs one, and only it answers an existing row
    const std::string name = Identifier(resource.key_column().name);
    sets.push_back(absl::StrCat(name, " = excluded.", name));
  }
  statement.text = absl::StrCat(
      insert, "UPDATE SET ", absl::StrJoin(sets, ", "), unchanged.empty() ? "" : " WHERE ",
      absl::StrJoin(unchanged, " AND "), " RETURNING ", ColumnName("t", resource.key_column()),
      // A row that was updated carries the lock of its updater in xmax.
      ", (t.xmax = 0), ", OutputList(resource, "t"));
  statement.first_column = 2;
  return statement;
}

}  // namespace dataservice
