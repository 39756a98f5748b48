#include "sql/rows.h"

#include "absl/strings/str_cat.h"

namespace dataservice {

std::string BatchRows::Add(const Column& column) {
  statement_.parameters.push_back(BatchParameter(column));
  ++count_;
  const char* comma = count_ == 1 ? "" : ", ";
  absl::StrAppend(&arguments_, comma, "$", count_, "::", BatchTypeName(column));
  absl::StrAppend(&names_, comma, "c", count_);
  return column.array ? absl::StrCat("r.c", count_, "::", ValueTypeName(column))
                      : absl::StrCat("r.c", count_);
}

std::string BatchRows::From() const {
  return absl::StrCat("unnest(", arguments_, ") AS r(", names_, ")");
}

}  // namespace dataservice
