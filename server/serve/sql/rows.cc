#include "serve/sql/rows.h"

#include "absl/strings/str_cat.h"
#include "postgres/text.h"

namespace dataservice {

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
  ++count_;
  const char* comma = count_ == 1 ? "" : ", ";
  absl::StrAppend(&arguments_, comma, "$", count_, "::", View(type));
  absl::StrAppend(&names_, comma, "c", count_);
  return absl::StrCat("r.c", count_);
}

std::string BatchRows::From() const {
  return absl::StrCat("unnest(", arguments_, ") AS r(", names_, ")");
}

std::string BatchRows::FromNumbered(std::string_view number) const {
  return absl::StrCat("unnest(", arguments_, ") WITH ORDINALITY AS r(", names_, ", ", View(number),
                      ")");
}

}  // namespace dataservice
