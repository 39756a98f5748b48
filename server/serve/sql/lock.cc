#include "serve/sql/lock.h"

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "serve/sql/statement.h"

namespace dataservice {

LockedRows::LockedRows(const Resource& resource, std::string_view lock)
    : resource_(resource), lock_(lock) {
  outputs_ = absl::StrCat(ColumnName("t", resource.key_column()), " AS key");
  if (!resource.has_owner()) return;
  absl::StrAppend(&outputs_, ", ", ColumnName("t", resource.owner_column()), " AS owner");
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
  const std::string name = ColumnName("t", key);
  if (resource_.has_owner()) {
    return absl::StrCat("SELECT ", outputs_, " FROM ", KeysAndOwners(resource_), " JOIN ",
                        TableName(resource_), " AS t ON ", IsRow(resource_, "t", "k"), " ORDER BY ",
                        name, ", ", ColumnName("t", resource_.owner_column()), " ", lock_, " OF t");
  }
  return absl::StrCat("SELECT ", outputs_, " FROM ", TableName(resource_), " AS t WHERE ",
                      IsOneOfKeys(key), " ORDER BY ", name, " ", lock_);
}

std::string LockedRows::IsOfBatch() const {
  return resource_.has_owner() ? "l.key = r.c1 AND l.owner = r.c2" : "l.key = r.c1";
}

std::string LockedRows::Text() const { return absl::StrCat("l AS MATERIALIZED (", Select(), ")"); }

Statement BuildLock(const LockShape& shape) {
  Statement statement{.shape = shape};
  statement.text = LockedRows(*shape.resource, "FOR NO KEY UPDATE").Select();
  statement.parameters = {BatchParameter(shape.resource->key_column())};
  if (shape.resource->has_owner()) statement.parameters = KeyAndOwnerParameters(*shape.resource);
  return statement;
}

}  // namespace dataservice
