#include "serve/sql/parameters.h"

#include "postgres/literals.h"

namespace dataservice {
namespace {

// Bytes of an element of an array beside its text: comma and quotes, or NULL.
constexpr size_t kElementSize = 5;

void AddElement(std::optional<std::string_view> value, NullForm nulls, ArrayLiteral& array) {
  if (nulls == NullForm::kNone ||
      (value && (nulls == NullForm::kEmpty || !value->starts_with('~')))) {
    array.Add(value);
  } else if (nulls == NullForm::kEmpty) {
    array.Add("");
  } else {
    array.Add(value ? "~" + std::string(*value) : "~");
  }
}

}  // namespace

std::vector<std::string> BindParameters(const Statement& statement,
                                        std::span<const Values* const> operations) {
  std::vector<std::string> bound(statement.parameters.size());
  for (size_t i = 0; i < bound.size(); ++i) {
    const Parameter& parameter = statement.parameters[i];
    if (!parameter.array) {
      bound[i] = std::string((*operations.front())[i].value_or(""));
      continue;
    }
    size_t bytes = 2;  // the braces
    for (const Values* values : operations)
      bytes += kElementSize + (*values)[i].value_or("").size();
    bound[i].reserve(bytes);
    ArrayLiteral array(bound[i], parameter.quote);
    for (const Values* values : operations) AddElement((*values)[i], parameter.nulls, array);
    array.Finish();
  }
  return bound;
}

}  // namespace dataservice
