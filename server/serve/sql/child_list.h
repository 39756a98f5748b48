// Reads the first pages of the children of many parents in one statement.
#pragma once

#include "contract/shape.h"
#include "serve/sql/statement.h"

namespace dataservice {

// Whether lists of the shape share a statement: first pages whose only conditions are equalities,
// one of them of a reference, which has an index.
bool IsChildList(const ListShape& shape);

// A lateral subquery for each operation: 32 of them cost PostgreSQL little more
// than a few lists alone.
Statement BuildChildLists(const ListShape& shape);

}  // namespace dataservice
