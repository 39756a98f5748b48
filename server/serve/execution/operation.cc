#include "serve/execution/operation.h"

#include "absl/strings/str_cat.h"

namespace dataservice {

std::string Operation::PartPath(size_t index) const {
  return absl::StrCat(parts_field, "[", index, "]");
}

size_t Operation::bytes() const {
  size_t sum = values.bytes();
  for (const auto& part : parts) sum += sizeof(Operation) + part->bytes();
  return sum;
}

}  // namespace dataservice
