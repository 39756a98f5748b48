// Constraints and indexes as values.
#pragma once

#include <set>
#include <string>
#include <variant>
#include <vector>

#include "schema/model/expression.h"

namespace dataservice::schema {

struct Check {
  Expression condition;
  // The columns that the condition refers to.
  std::vector<std::string> columns;
  // Requires that at most one of the columns is set. Known of the contract's checks only.
  bool at_most_one = false;

  // Conditions are compared as SQL text; everything else follows from them.
  bool operator==(const Check& other) const { return condition == other.condition; }
};

struct PrimaryKey {
  std::vector<std::string> columns;
  bool operator==(const PrimaryKey&) const = default;
};

enum class OnDelete { kRestrict, kCascade, kSetNull, kOther };

struct ForeignKey {
  std::vector<std::string> columns;
  std::string table;                    // the referenced one: TableName
  std::vector<std::string> referenced;  // its columns
  OnDelete on_delete = OnDelete::kRestrict;
  bool operator==(const ForeignKey&) const = default;
};

// A UNIQUE constraint, which only other programs create: a contract has unique indexes.
struct Unique {
  std::vector<std::string> columns;
  bool operator==(const Unique&) const = default;
};

// A B-tree over columns, in the default order.
struct Index {
  std::vector<std::string> columns;
  bool unique = false;
  bool operator==(const Index&) const = default;
};

using Definition = std::variant<Check, PrimaryKey, ForeignKey, Unique, Index>;

// A constraint or an index of a table.
struct SchemaObject {
  std::string name;
  Definition definition;
  // PostgreSQL's own text of an object with properties that no contract asks for, such as
  // DEFERRABLE or a partial index, and of a CHECK without our comment. Such an object equals
  // none of the contract. Empty for all others.
  std::string native_definition = {};
  // False for a NOT VALID constraint and for an index whose creation failed.
  bool valid = true;
  // It has our comment: the tool may drop it when the contract no longer has it.
  bool ours = true;
  // An index that belongs to a constraint.
  bool of_constraint = false;
  // An index that an unfinished REINDEX CONCURRENTLY left.
  bool leftover = false;
};

// A CHECK of the contract.
Definition CheckOf(Expression condition, bool at_most_one = false);

const std::vector<std::string>& ColumnsOf(const SchemaObject& object);

// The SQL text of a definition: "CHECK (rate >= 1)", "PRIMARY KEY (id)", "UNIQUE INDEX (title,
// id)".
std::string DefinitionText(const Definition& definition);
// The same of an object, or its native definition.
std::string DefinitionText(const SchemaObject& object);
// "title, id", as identifiers.
std::string ColumnList(const std::vector<std::string>& columns);

// Whether both objects do the same, apart from their names.
bool SameDefinition(const SchemaObject& a, const SchemaObject& b);

bool IsCheck(const SchemaObject& constraint);
bool IsPrimaryKey(const SchemaObject& constraint);
// Null for any other constraint.
const ForeignKey* AsForeignKey(const SchemaObject& constraint);
// Whether an index, not a constraint, is unique.
bool IsUniqueIndex(const SchemaObject& index);
// Whether it is a UNIQUE constraint without further properties: its index serves as a unique
// index of the contract.
bool IsPlainUnique(const SchemaObject& constraint);
// Whether the object keeps the combined values of its columns unique.
bool KeepsUnique(const SchemaObject& object);
// Whether a foreign key of ours prevents the deletion of the rows that it refers to.
bool RestrictsDeletion(const SchemaObject& constraint);
// Whether a foreign key refers to one of these tables (TableName).
bool RefersTo(const SchemaObject& constraint, const std::set<std::string>& tables);

}  // namespace dataservice::schema
