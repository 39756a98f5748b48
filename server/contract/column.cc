#include "contract/column.h"

#include "absl/strings/str_cat.h"

namespace dataservice {

std::string DdlTypeName(const Column& column) {
  const std::string base = column.max_length > 0 ? absl::StrCat("varchar(", column.max_length, ")")
                                                 : std::string(column.traits().ddl);
  return column.array ? base + "[]" : base;
}

std::string ValueTypeName(const Column& column) {
  const std::string base(column.traits().cast);
  return column.array ? base + "[]" : base;
}

}  // namespace dataservice
