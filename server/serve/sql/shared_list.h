// Reads the pages of several lists in one statement.
#pragma once

#include "contract/shape.h"
#include "serve/sql/statement.h"

namespace dataservice {

// Whether lists of the shape share statements: each of them must be fast, because all wait for the
// slowest. That is so if an index has the rows of the page one after another
// (serve/sql/index_order.h), and for the children of one parent, whose number is limited by what
// belongs together. A filter, a count or a computed field can read any number of rows. Such lists
// have statements of their own, which PostgreSQL also plans better, because it knows the values.
bool SharesStatement(const ListShape& shape);

// The limit (ListShape::shared_limit) of the statement for pages of so many rows. There are only
// two limits, so that pages of different sizes share statements.
int SharedLimit(int page_size);

// A lateral subquery for each operation: 32 of them cost PostgreSQL little more
// than a few lists alone.
Statement BuildSharedLists(const ListShape& shape);

}  // namespace dataservice
