#include "schema/plan/table_work.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/identity.h"
#include "schema/plan/type_change.h"

namespace dataservice::schema {
namespace {

bool ChangesType(const ColumnPair& column) {
  return column.actual != nullptr && column.actual->type != column.wanted->type;
}

// Whether a foreign key over the column must be dropped before its type changes.
bool Unlinks(const ColumnPair& column) {
  if (!ChangesType(column)) return false;
  const auto change = ChangeOfType(column.actual->type, column.wanted->type, "");
  return !change || !change->keeps_references;
}

// Whether the foreign key refers to such a column.
bool RefersToUnlinked(const Pairing& pairing, const ForeignKey& key) {
  for (const TablePair& target : pairing.tables) {
    for (const ColumnPair& column : target.columns) {
      if (Unlinks(column) && key.table == TableName(*target.wanted) &&
          Contains(key.referenced, column.wanted->name)) {
        return true;
      }
    }
  }
  return false;
}

// Whether the object is dropped together with a column. `object` has its old names.
bool GoesWithColumn(const TablePair& pair, const SchemaObject& object) {
  const bool remade =
      std::any_of(pair.columns.begin(), pair.columns.end(), [&](const ColumnPair& column) {
        return ChangesType(column) && !KeepsValues(column) &&
               Contains(ColumnsOf(object), column.actual->name);
      });
  const bool in_the_way =
      std::any_of(pair.removed.begin(), pair.removed.end(), [&](const SchemaColumn* column) {
        return FindNamed(pair.wanted->columns, column->name) != nullptr &&
               Contains(ColumnsOf(object), column->name);
      });
  return remade || in_the_way;
}

bool IsUnlinked(const Pairing& pairing, const TablePair& pair, const SchemaObject& constraint) {
  const ForeignKey* key = AsForeignKey(constraint);
  if (key == nullptr) return false;
  const bool own =
      std::any_of(pair.columns.begin(), pair.columns.end(), [&](const ColumnPair& column) {
        return Unlinks(column) && Contains(key->columns, column.wanted->name);
      });
  return own || RefersToUnlinked(pairing, *key);
}

// Whether it is a constraint that the tool itself added in order to set NOT NULL.
bool IsForNotNull(const TablePair& pair, const SchemaObject& constraint) {
  return std::any_of(pair.columns.begin(), pair.columns.end(), [&](const ColumnPair& column) {
    return BecomesNotNull(column) &&
           NotNullConstraint(*pair.wanted, *column.wanted).name == constraint.name;
  });
}

}  // namespace

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool ChangesTypeOrOrder(const ColumnPair& column) {
  return column.actual != nullptr && (column.actual->type != column.wanted->type ||
                                      column.actual->collation != column.wanted->collation);
}

bool KeepsValues(const ColumnPair& column) {
  return column.actual != nullptr &&
         (column.actual->type == column.wanted->type ||
          ChangeOfType(column.actual->type, column.wanted->type, "").has_value());
}

bool IsUnconvertibleKey(const TablePair& pair, const ColumnPair& column) {
  if (column.actual == nullptr || KeepsValues(column)) return false;
  const auto& constraints = pair.wanted->constraints;
  return std::any_of(constraints.begin(), constraints.end(), [&](const SchemaObject& constraint) {
    return IsPrimaryKey(constraint) && ColumnsOf(constraint).back() == column.wanted->name;
  });
}

bool JsonLosesNames(const ColumnPair& column) {
  if (!KeepsValues(column)) return false;
  const auto wanted = IdentityOfColumn(column.wanted->comment);
  const auto actual = IdentityOfColumn(column.actual->comment);
  return wanted && actual && !LostNames(actual->json, wanted->json).empty();
}

SchemaObject NotNullConstraint(const SchemaTable& table, const SchemaColumn& column) {
  return {.name = ObjectName(absl::StrCat(table.name, "_", column.name, "_not_null")),
          .definition = CheckOf(Concat(Expression::Column(column.name), " IS NOT NULL"))};
}

bool BecomesNotNull(const ColumnPair& column) {
  if (!column.wanted->not_null) return false;
  // A new column without a default has no values yet, nor has a recreated one.
  if (!KeepsValues(column)) return column.wanted->default_value.empty();
  return !column.actual->not_null;
}

std::vector<SchemaObject> AllIndexes(const std::vector<SchemaObject>& indexes,
                                     const std::vector<SchemaObject>& constraints) {
  std::vector<SchemaObject> out = indexes;
  for (const SchemaObject& constraint : constraints) {
    const Unique* unique = std::get_if<Unique>(&constraint.definition);
    if (unique == nullptr) continue;
    SchemaObject index = constraint;
    // One with further properties, such as DEFERRABLE, equals no index of the contract.
    index.definition = Index{unique->columns, /*unique=*/true};
    index.of_constraint = true;
    index.ours = false;
    out.push_back(std::move(index));
  }
  return out;
}

bool IsLeftoverOf(const SchemaTable& wanted, const SchemaObject& index) {
  if (!index.leftover) return false;
  const bool of_index =
      std::any_of(wanted.indexes.begin(), wanted.indexes.end(),
                  [&](const SchemaObject& other) { return SameDefinition(other, index); });
  const bool of_key = std::any_of(wanted.constraints.begin(), wanted.constraints.end(),
                                  [&](const SchemaObject& constraint) {
                                    return IsPrimaryKey(constraint) && IsUniqueIndex(index) &&
                                           ColumnsOf(constraint) == ColumnsOf(index);
                                  });
  return of_index || of_key;
}

std::vector<TableWork> WorkOf(const Pairing& pairing) {
  std::vector<TableWork> out(pairing.tables.size());
  for (size_t i = 0; i < pairing.tables.size(); ++i) {
    TableWork& work = out[i];
    const TablePair& pair = pairing.tables[i];
    work.pair = &pair;
    work.label = pairing.Label(*pair.wanted);
    if (work.IsNew()) continue;
    std::set<std::string> leaving;  // names of objects that are dropped together with a column
    for (size_t k = 0; k < pair.constraints.size(); ++k) {
      const SchemaObject& constraint = pair.constraints[k];
      if (IsForNotNull(pair, constraint)) continue;
      if (IsUnlinked(pairing, pair, constraint)) {
        work.unlink.push_back(&constraint);
      } else if (!GoesWithColumn(pair, pair.actual->constraints[k])) {
        work.actual_constraints.push_back(constraint);
      } else {
        leaving.insert(pair.actual->constraints[k].name);
      }
    }
    for (size_t k = 0; k < pair.indexes.size(); ++k) {
      if (IsLeftoverOf(*pair.wanted, pair.indexes[k])) {
        work.leftovers.push_back(&pair.indexes[k]);
      } else if (!GoesWithColumn(pair, pair.actual->indexes[k])) {
        work.actual_indexes.push_back(pair.indexes[k]);
      } else {
        leaving.insert(pair.actual->indexes[k].name);
      }
    }
    work.actual_indexes = AllIndexes(work.actual_indexes, work.actual_constraints);
    work.constraints = ChangesOf(pair.wanted->constraints, work.actual_constraints, leaving);
    work.indexes = ChangesOf(pair.wanted->indexes, work.actual_indexes, leaving);
  }
  return out;
}

}  // namespace dataservice::schema
