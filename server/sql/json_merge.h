// Writes fields inside jsonb columns.
#pragma once

#include <span>
#include <string>

#include "contract/shape.h"

namespace dataservice {

// One field and the expression of its new value: jsonb, or NULL to leave it out.
struct SubFieldValue {
  const SubField* field = nullptr;
  std::string value;
};

// The new value of a jsonb column `column` (an expression) whose fields `values`
// change and whose others stay. Messages around them come into being where they
// are absent. `values` are of one column, sorted by path.
std::string MergedJson(std::string_view column, std::span<const SubFieldValue> values);

}  // namespace dataservice
