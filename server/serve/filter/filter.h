// The filter of a list (AIP-160).
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "contract/condition.h"
#include "contract/resource.h"
#include "serve/values/values.h"

namespace dataservice {

// A filter that was checked against its resource.
struct CheckedFilter {
  Condition condition;
  // The values of the condition, in its order; none is NULL.
  Values values;
};

// Reads a filter and checks it against a resource: fields that it has, values of
// their types. INVALID_ARGUMENT, with the character (from 1) and the field in its
// message, for any other, and for one beyond the limits of limits.h. An empty
// text is the condition that every row fulfils. Thread-safe.
//
// Where AIP-160 leaves the meaning open:
// - A comparison with a field that is absent is false; `!=`, NOT and `-` are its
//   exact opposite. A field without presence is never absent: it has its zero.
//   `field = null` and `field != null` ask whether a field with presence is.
// - `field:*` is true for a field that is set, and one without presence that is
//   not zero. `map.key:*` and `map:key` are true whatever the entry's value.
// - `:` with a value is `=` for a scalar, any equal element for a repeated field,
//   and the presence of the named field for a message.
// - Strings compare case-sensitively, by code points. A star at either end of one
//   stands for anything, but only with `=`, `!=` and `:`; `\*` is a star, and so
//   is no other: one inside is refused.
// - A NaN equals nothing, and is neither less nor greater than anything.
absl::StatusOr<CheckedFilter> ParseFilter(std::string_view text, const Resource& resource);

}  // namespace dataservice
