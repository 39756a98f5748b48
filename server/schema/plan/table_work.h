// What there is to do at one table, before it is put in order.
#pragma once

#include <string>
#include <vector>

#include "schema/plan/object_changes.h"
#include "schema/plan/pairing.h"

namespace dataservice::schema {

struct TableWork {
  const TablePair* pair = nullptr;
  std::string label;  // as steps call it
  ObjectChanges constraints;
  ObjectChanges indexes;
  // Foreign keys that come off for the time in which types change, and are added
  // again, under their new names.
  std::vector<const SchemaObject*> unlink;
  // Of an index or key of the contract: REINDEX CONCURRENTLY did not finish them.
  std::vector<const SchemaObject*> leftovers;

  // What `constraints` and `indexes` point to: those of the pair without what goes
  // with a column or is unlinked.
  std::vector<SchemaObject> actual_constraints;
  std::vector<SchemaObject> actual_indexes;

  bool IsNew() const { return pair->actual == nullptr; }
};

// Whether the column keeps its values under its new type; if not it is dropped and
// added again.
bool KeepsValues(const ColumnPair& column);

// A constraint that PostgreSQL uses to set NOT NULL without looking at the rows
// under a lock; there only while the tool is at work.
SchemaObject NotNullConstraint(const SchemaTable& table, const SchemaColumn& column);
// Whether a column that may be NULL is to have values in each row.
bool BecomesNotNull(const ColumnPair& column);

// The indexes of a table and those of its UNIQUE constraints.
std::vector<SchemaObject> AllIndexes(const std::vector<SchemaObject>& indexes,
                                     const std::vector<SchemaObject>& constraints);
// Whether an index that REINDEX CONCURRENTLY left is of an index or key of the wanted table.
bool IsLeftoverOf(const SchemaTable& wanted, const SchemaObject& index);

std::vector<TableWork> WorkOf(const Pairing& pairing);

}  // namespace dataservice::schema
