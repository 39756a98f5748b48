// First pages of the rows that refer to many parents, in one statement.
#pragma once

#include "contract/shape.h"
#include "serve/sql/statement.h"

namespace dataservice {

// Whether lists of the shape share a statement: the first page of the rows with a
// reference, which an index finds, and no more conditions than equalities.
bool IsChildList(const Shape& shape);

// A lateral subquery for each operation: 32 of them cost PostgreSQL little more
// than a few lists alone.
Statement BuildChildLists(const Shape& shape);

}  // namespace dataservice
