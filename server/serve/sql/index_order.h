// Lists whose pages are parts of an index.
#pragma once

#include "contract/shape.h"

namespace dataservice {

// Whether an index of the resource has exactly the rows of the page one after another, so that
// reading a page costs the same wherever it begins: the columns that are compared for equality come
// first in the index, then those of the order. Also true if a unique index makes the list one row
// at most. Looks at equalities, order and position of the shape only.
bool IsInIndexOrder(const ListShape& shape);

}  // namespace dataservice
