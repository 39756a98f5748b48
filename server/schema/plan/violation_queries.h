// Queries for the rows that a step would fail on. They read the database as it is before the
// plan: with the old names and types.
#pragma once

#include <string>
#include <vector>

#include "schema/plan/pairing.h"
#include "schema/plan/plan.h"
#include "schema/plan/type_change.h"

namespace dataservice::schema {

// Rows that a constraint of the pair's wanted table refuses.
ViolationQuery ConstraintViolations(const Pairing& pairing, const TablePair& pair,
                                    const SchemaObject& constraint);
// A query of the rows that a CHECK of the pair's wanted table refuses.
std::string RefusedRows(const TablePair& pair, const Check& check);
// Rows with the same values as another row in the columns of a unique index.
ViolationQuery UniqueViolations(const TablePair& pair, const std::vector<std::string>& columns);
// Rows without a value.
ViolationQuery NotNullViolations(const TablePair& pair, const SchemaColumn& column);
// Rows whose value the column's new type cannot represent. `change` is of the column under its
// old name.
ViolationQuery TypeViolations(const TablePair& pair, const ColumnPair& column,
                              const TypeChange& change);

}  // namespace dataservice::schema
