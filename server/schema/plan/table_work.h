// The changes of one table, before they are put in order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/plan/object_changes.h"
#include "schema/plan/pairing.h"

namespace dataservice::schema {

struct TableWork {
  const TablePair* pair = nullptr;
  std::string label;  // Pairing::Label
  ObjectChanges constraints;
  ObjectChanges indexes;
  // Foreign keys that are dropped before types change and added again afterwards. With their new
  // names.
  std::vector<const SchemaObject*> unlink;
  // Indexes that an unfinished REINDEX CONCURRENTLY of an index or key of the contract left.
  std::vector<const SchemaObject*> leftovers;

  // The constraints and indexes of the pair, without those that are dropped together with a
  // column and without `unlink`. `constraints` and `indexes` point into them.
  std::vector<SchemaObject> actual_constraints;
  std::vector<SchemaObject> actual_indexes;

  bool IsNew() const { return pair->actual == nullptr; }
};

// Whether the list contains the name.
bool Contains(const std::vector<std::string>& names, std::string_view name);

// Whether an existing column gets another type or another collation.
bool ChangesTypeOrOrder(const ColumnPair& column);
// Whether the values of a jsonb column may have names that the contract no longer has, or has
// with another type.
bool JsonLosesNames(const ColumnPair& column);
// Whether the column keeps its values under its new type. If not, it is dropped and added
// again.
bool KeepsValues(const ColumnPair& column);

// Whether the column is the table's key and cannot keep its values under its new type: then no
// plan exists.
bool IsUnconvertibleKey(const TablePair& pair, const ColumnPair& column);

// A constraint with which PostgreSQL sets NOT NULL without reading the rows under a lock. It
// exists only while the steps of a plan are done.
SchemaObject NotNullConstraint(const SchemaTable& table, const SchemaColumn& column);
// Whether the plan sets NOT NULL for the column in steps of its own.
bool BecomesNotNull(const ColumnPair& column);

// The indexes of a table, with those of its UNIQUE constraints.
std::vector<SchemaObject> AllIndexes(const std::vector<SchemaObject>& indexes,
                                     const std::vector<SchemaObject>& constraints);
// Whether an unfinished REINDEX CONCURRENTLY of an index or key of the wanted table left it.
bool IsLeftoverOf(const SchemaTable& wanted, const SchemaObject& index);

std::vector<TableWork> WorkOf(const Pairing& pairing);

}  // namespace dataservice::schema
