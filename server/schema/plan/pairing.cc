#include "schema/plan/pairing.h"

#include <algorithm>
#include <set>

#include "schema/model/identity.h"

namespace dataservice::schema {
namespace {

int NumberOf(const SchemaColumn& column) {
  const auto identity = IdentityOfColumn(column.comment);
  return identity ? identity->number : 0;
}

void PairColumns(TablePair& pair) {
  std::set<const SchemaColumn*> taken;
  for (const SchemaColumn& wanted : pair.wanted->columns) {
    ColumnPair column{&wanted, nullptr};
    const int number = NumberOf(wanted);
    for (const SchemaColumn& actual : pair.actual->columns) {
      if (number == 0 || NumberOf(actual) != number) continue;
      // A copy of the table or column may have the same comment.
      if (column.actual == nullptr || actual.name == wanted.name) column.actual = &actual;
    }
    if (column.actual != nullptr) taken.insert(column.actual);
    pair.columns.push_back(column);
  }
  for (ColumnPair& column : pair.columns) {
    if (column.actual != nullptr) continue;
    // A column of another program, or one that lost its comment.
    const SchemaColumn* named = FindNamed(pair.actual->columns, column.wanted->name);
    if (named == nullptr || NumberOf(*named) != 0 || !taken.insert(named).second) continue;
    column.actual = named;
  }
  for (const SchemaColumn& actual : pair.actual->columns) {
    if (!taken.contains(&actual) && NumberOf(actual) != 0) pair.removed.push_back(&actual);
  }
  for (const ColumnPair& column : pair.columns) {
    if (column.actual != nullptr && column.actual->name != column.wanted->name) {
      pair.column_names.emplace(column.actual->name, column.wanted->name);
    }
  }
}

std::set<std::string> NamesInSeveralSchemas(const std::vector<const SchemaModel*>& models) {
  std::map<std::string, std::string> schemas;
  std::set<std::string> out;
  for (const SchemaModel* model : models) {
    for (const SchemaTable& table : model->tables) {
      const auto [known, first] = schemas.emplace(table.name, table.schema);
      if (!first && known->second != table.schema) out.insert(table.name);
    }
  }
  return out;
}

}  // namespace

const ColumnPair* TablePair::Find(std::string_view name) const {
  for (const ColumnPair& column : columns) {
    if (column.wanted->name == name) return &column;
  }
  return nullptr;
}

bool TablePair::IsWanted(const SchemaColumn& column) const {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const ColumnPair& pair) { return pair.actual == &column; });
}

std::string Pairing::Label(const SchemaTable& table) const {
  return ambiguous.contains(table.name) ? table.schema + "." + table.name : table.name;
}

const TablePair* Pairing::FindActual(std::string_view name) const {
  for (const TablePair& pair : tables) {
    if (pair.actual != nullptr && TableName(*pair.actual) == name) return &pair;
  }
  return nullptr;
}

Pairing Pair(const SchemaModel& wanted, const SchemaModel& actual) {
  Pairing out;
  std::set<const SchemaTable*> taken;
  std::set<std::string> schemas;
  for (const SchemaTable& table : wanted.tables) {
    TablePair pair{.wanted = &table};
    schemas.insert(table.schema);
    // Each schema has one of each of the tool's own tables, all with the same comment.
    const bool own = OwnText(table.comment)->starts_with('(');
    for (const SchemaTable& candidate : actual.tables) {
      if (candidate.comment != table.comment || (own && candidate.schema != table.schema)) continue;
      // A copy of the table or column may have the same comment.
      if (pair.actual == nullptr || TableName(candidate) == TableName(table)) {
        pair.actual = &candidate;
      }
    }
    if (pair.actual != nullptr) taken.insert(pair.actual);
    out.tables.push_back(std::move(pair));
  }
  for (TablePair& pair : out.tables) {
    if (pair.actual != nullptr) continue;
    for (const SchemaTable& candidate : actual.tables) {
      if (candidate.schema == pair.wanted->schema && candidate.name == pair.wanted->name &&
          taken.insert(&candidate).second) {
        pair.actual = &candidate;
      }
    }
  }
  for (const SchemaTable& table : actual.tables) {
    if (!taken.contains(&table) && OwnText(table.comment) && schemas.contains(table.schema)) {
      out.removed.push_back(&table);
    }
  }
  out.ambiguous = NamesInSeveralSchemas({&wanted, &actual});
  std::map<std::string, TableNames> names;  // by the old schema.table
  for (TablePair& pair : out.tables) {
    if (pair.actual == nullptr) {
      for (const SchemaColumn& column : pair.wanted->columns) pair.columns.push_back({&column});
      continue;
    }
    PairColumns(pair);
    pair.foreign = !OwnText(pair.actual->comment) &&
                   std::none_of(pair.actual->columns.begin(), pair.actual->columns.end(),
                                [](const SchemaColumn& column) {
                                  return OwnText(column.comment).has_value();
                                });
    names[TableName(*pair.actual)] = {TableName(*pair.wanted), pair.column_names};
  }
  for (TablePair& pair : out.tables) {
    if (pair.actual == nullptr) continue;
    for (const SchemaObject& object : pair.actual->constraints) {
      pair.constraints.push_back(Renamed(object, pair.column_names, names));
    }
    for (const SchemaObject& object : pair.actual->indexes) {
      pair.indexes.push_back(Renamed(object, pair.column_names, names));
    }
  }
  return out;
}

}  // namespace dataservice::schema
