#include "serve/sql/lock.h"

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "serve/sql/statement.h"

namespace dataservice {

LockedRows::LockedRows(const Resource& resource, std::string_view lock)
    : resource_(resource), lock_(lock) {
  outputs_ = absl::StrCat(ColumnName("t", resource.key_column()), " AS key");
}

std::string LockedRows::EtagMatches(BatchRows& rows) {
  if (resource_.etag == nullptr) return "true";
  const std::string given = rows.Add(Parameter{}, "text[]");
  absl::StrAppend(&outputs_, ", ", VersionTime(resource_, "t"), " AS version");
  return absl::StrCat("(", given, " = '{}' OR l.version = ANY (", given, "::timestamptz[]))");
}

std::string LockedRows::Column(const dataservice::Column& column) {
  const std::string name = absl::StrCat("l", column.number);
  absl::StrAppend(&outputs_, ", ", ColumnName("t", column), " AS ", name);
  return absl::StrCat("l.", name);
}

std::string LockedRows::Select() const {
  const dataservice::Column& key = resource_.key_column();
  return absl::StrCat("SELECT ", outputs_, " FROM ", TableName(resource_), " AS t WHERE ",
                      IsOneOfKeys(key), " ORDER BY ", ColumnName("t", key), " ", lock_);
}

std::string LockedRows::Text() const { return absl::StrCat("l AS MATERIALIZED (", Select(), ")"); }

Statement BuildLock(const LockShape& shape) {
  Statement statement{.shape = shape};
  statement.text = LockedRows(*shape.resource, "FOR NO KEY UPDATE").Select();
  statement.parameters = {BatchParameter(shape.resource->key_column())};
  return statement;
}

}  // namespace dataservice
