// The violations of one request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "contract/rules/violation.h"

namespace dataservice {

// Not thread-safe.
class Violations {
 public:
  // Adds one, unless its field or a part of it has one already: a value that breaks
  // a rule need not also be reported to fit no column.
  void Add(std::string_view field, std::string_view description);

  // Adds those of an element, whose paths then begin with `parent`.
  void Append(std::string_view parent, const Violations& element);

  // For Validator.
  std::vector<Violation>* list() { return &list_; }

  const std::vector<Violation>& all() const { return list_; }
  bool empty() const { return list_.empty(); }
  absl::Status ToStatus() const;

 private:
  std::vector<Violation> list_;
};

// "parent.field"
std::string FieldPath(std::string_view parent, std::string_view field);

}  // namespace dataservice
