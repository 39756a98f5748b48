// The columns of a statement's result that hold values of the row.
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
  // The field is part of the response. Otherwise only the engine needs the value: for the key,
  // the etag, or the position of the next page.
  bool answered = true;
  // The etag counts whether the value is NULL (postgres/text.h, VersionTime).
  bool counted = false;
  // The only fields of a stored message that are returned: "part.name", relative to the resource's
  // message. Empty: all.
  std::vector<std::string> sub_fields;
};

// In the order of the result: columns of the resource in their order, then
// computed fields. Without a read mask: all columns.
std::vector<Output> OutputsOf(const Shape& shape);

// The position of the key in `outputs`.
int PositionOfKey(const std::vector<Output>& outputs, const Resource& resource);

// The same of the owner; the rows are private.
int PositionOfOwner(const std::vector<Output>& outputs, const Resource& resource);

// The outputs of rows `alias` as SQL, comma-separated; those of computed fields
// are columns of the relations that ComputedJoins() adds.
std::string OutputList(const std::vector<Output>& outputs, std::string_view alias);

}  // namespace dataservice
