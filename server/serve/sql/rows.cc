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

}  // namespace dataservice
