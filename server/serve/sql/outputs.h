// What a statement's result has for the answer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/shape.h"

namespace dataservice {

// One column of the result.
struct Output {
  const Column* column = nullptr;  // of the resource, or a computed field's
  int computed = -1;               // position in Resource::computed, or -1
  // The field is part of the answer. If not, only the engine needs the value: the
  // key, what the etag is made of, where the next page begins.
  bool answered = true;
  // The etag counts whether the value is NULL (postgres/text.h, VersionTime).
  bool counted = false;
  // Of a stored message, these fields alone are answered: "part.name", from the
  // resource's message inwards. Empty: all.
  std::vector<std::string> sub_fields;
};

// In the order of the result: columns of the resource in their order, then
// computed fields. Without a read mask: all columns.
std::vector<Output> OutputsOf(const Shape& shape);

// The key's position among them.
int PositionOfKey(const std::vector<Output>& outputs, const Resource& resource);

// The outputs of rows `alias` as SQL, comma-separated; those of computed fields
// are columns of the relations that ComputedJoins() adds.
std::string OutputList(const std::vector<Output>& outputs, std::string_view alias);

}  // namespace dataservice
