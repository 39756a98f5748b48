// Queries that count the rows a step would fail on, on the database as it is
// before the plan: under the old names, with the old types.
#pragma once

#include <string>
#include <vector>

#include "schema/plan/pairing.h"
#include "schema/plan/plan.h"

namespace dataservice::schema {

// Rows that a constraint of the pair's wanted table refuses.
Fit FitOfConstraint(const Pairing& pairing, const TablePair& pair, const SchemaObject& constraint);
// A query of the rows that a CHECK of the pair's wanted table refuses.
std::string RowsThatBreak(const TablePair& pair, const Check& check);
// Rows that have the same values as another one, in the columns of a unique index.
Fit FitOfUnique(const TablePair& pair, const std::vector<std::string>& columns);
// Rows without a value.
Fit FitOfNotNull(const TablePair& pair, const SchemaColumn& column);
// Rows whose value the column's new type does not have.
Fit FitOfType(const TablePair& pair, const ColumnPair& column, const std::string& fits,
              const std::string& misfit);

}  // namespace dataservice::schema
