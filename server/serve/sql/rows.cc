#include "serve/sql/rows.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"

namespace dataservice {

std::string OfUnknownLength(std::string_view array) {
  return absl::StrCat("(SELECT ", View(array), ")");
}

std::string IsOneOfKeys(const Column& key) {
  const std::string type = BatchTypeName(key);
  return absl::StrCat(ColumnName("t", key), " = ANY(", OfUnknownLength(absl::StrCat("$1::", type)),
                      "::", type, ")");
}

std::string BatchRows::Add(const Column& column) {
  const std::string name = Add(BatchParameter(column), BatchTypeName(column));
  return column.array ? absl::StrCat(name, "::", ValueTypeName(column)) : name;
}

std::string BatchRows::AddNullable(const Column& column) {
  Parameter parameter = BatchParameter(column);
  if (column.traits().may_be_empty && !column.array) {
    parameter.nulls = NullForm::kTilde;
    const std::string name = Add(parameter, "text[]");
    return absl::StrCat("CASE WHEN starts_with(", name, ", '~') THEN nullif(substr(", name,
                        ", 2), '') ELSE ", name, " END");
  }
  parameter.nulls = NullForm::kEmpty;
  return absl::StrCat("nullif(", Add(parameter, "text[]"), ", '')::", ValueTypeName(column));
}

std::string BatchRows::Add(const Parameter& parameter, std::string_view type) {
  statement_.parameters.push_back(parameter);
  const size_t number = arguments_.size() + 1;
  arguments_.push_back(absl::StrCat("$", number, "::", View(type)));
  absl::StrAppend(&names_, number == 1 ? "" : ", ", "c", number);
  return absl::StrCat("r.c", number);
}

void BatchRows::AddKey(const Resource& resource) {
  Add(resource.key_column());
  if (resource.has_owner()) Add(resource.owner_column());
}

std::string BatchRows::From() const {
  return absl::StrCat("unnest(", absl::StrJoin(arguments_, ", "), ") AS r(", names_, ")");
}

std::string BatchRows::FromNumbered(std::string_view number) const {
  std::vector<std::string> arrays = arguments_;
  // The planner expects as many rows as the longest array has, and 10 elements in this one.
  arrays.front() = OfUnknownLength(arrays.front());
  return absl::StrCat("unnest(", absl::StrJoin(arrays, ", "), ") WITH ORDINALITY AS r(", names_,
                      ", ", View(number), ")");
}

std::string KeysAndOwners(const Resource& resource) {
  const auto array = [](const char* number, const Column& column) {
    return OfUnknownLength(absl::StrCat(number, BatchTypeName(column)));
  };
  return absl::StrCat("unnest(", array("$1::", resource.key_column()), ", ",
                      array("$2::", resource.owner_column()), ") AS k(c1, c2)");
}

std::vector<Parameter> KeyAndOwnerParameters(const Resource& resource) {
  return {BatchParameter(resource.key_column()), BatchParameter(resource.owner_column())};
}

std::string IsRow(const Resource& resource, std::string_view alias, std::string_view rows) {
  std::string out =
      absl::StrCat(ColumnName(alias, resource.key_column()), " = ", View(rows), ".c1");
  if (resource.has_owner()) {
    absl::StrAppend(&out, " AND ", ColumnName(alias, resource.owner_column()), " = ", View(rows),
                    ".c2");
  }
  return out;
}

std::string AndOwner(const Resource& resource, std::string_view rows) {
  return resource.has_owner() ? absl::StrCat(", ", View(rows), ".c2") : "";
}

}  // namespace dataservice
