#include "serve/request/violations.h"

#include <algorithm>

#include "serve/errors/errors.h"

namespace dataservice {
namespace {

bool IsOrIsWithin(std::string_view path, std::string_view field) {
  if (!path.starts_with(field)) return false;
  return path.size() == field.size() || path[field.size()] == '.' || path[field.size()] == '[';
}

}  // namespace

void Violations::Add(std::string_view field, std::string_view description) {
  const bool known = std::any_of(list_.begin(), list_.end(),
                                 [&](const Violation& v) { return IsOrIsWithin(v.field, field); });
  if (known) return;
  Violation violation;
  violation.field = std::string(field);
  violation.description = std::string(description);
  list_.push_back(std::move(violation));
}

void Violations::Append(std::string_view parent, const Violations& element) {
  for (Violation violation : element.list_) {
    violation.field =
        violation.field.empty() ? std::string(parent) : FieldPath(parent, violation.field);
    list_.push_back(std::move(violation));
  }
}

absl::Status Violations::ToStatus() const {
  return list_.empty() ? absl::OkStatus() : InvalidArgument(list_);
}

std::string FieldPath(std::string_view parent, std::string_view field) {
  std::string path(parent);
  path += '.';
  path += field;
  return path;
}

}  // namespace dataservice
