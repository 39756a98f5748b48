#include "schema/plan/difference.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "schema/model/ddl.h"
#include "schema/model/defaults.h"
#include "schema/plan/pairing.h"
#include "schema/plan/table_work.h"
#include "schema/plan/type_change.h"

namespace dataservice::schema {
namespace {

// Whether a server that expects the wanted type can read values of the actual one. Servers of the
// old contract run while the schema is already that of the new one. A table of another program is
// served as it is if the wanted type can represent all of its values.
bool CanServe(const TablePair& pair, const std::string& wanted, const std::string& actual) {
  return IsWidened(wanted, actual) || (pair.foreign && IsWidened(actual, wanted));
}

// Whether a constraint or an index keeps the values of the columns unique.
bool IsUniqueIn(const SchemaTable& table, const std::vector<std::string>& columns) {
  const auto is_it = [&](const SchemaObject& object) {
    return KeepsUnique(object) && ColumnsOf(object) == columns;
  };
  return std::any_of(table.constraints.begin(), table.constraints.end(), is_it) ||
         std::any_of(table.indexes.begin(), table.indexes.end(), is_it);
}

class TableComparison {
 public:
  TableComparison(const TablePair& pair, const std::string& label, Differences& out)
      : pair_(pair),
        wanted_(*pair.wanted),
        actual_(*pair.actual),
        label_(label),
        out_(out),
        name_(TableName(wanted_)) {}

  void Run() {
    if (TableName(actual_) != name_) {
      return Wrong("", absl::StrCat("is called ", TableName(actual_)), wanted_.served);
    }
    if (pair_.foreign) {
      Wrong("",
            absl::StrCat("has no comments of the schema tool: another program made it, and apply "
                         "changes it only with --allow take-over:",
                         label_),
            false);
    } else if (wanted_.comment != actual_.comment) {
      Wrong("", "has not the comment that identifies it", false);
    }
    RunParts();
    for (const std::string& peculiarity : actual_.peculiarities) {
      out_.extra.push_back(absl::StrCat(name_, ": ", peculiarity));
    }
  }

  // Compares all but the table's own comment.
  void RunParts() {
    for (const ColumnPair& column : pair_.columns) CompareColumn(column);
    for (const SchemaColumn& column : actual_.columns) CompareExtra(column);
    CompareObjects("constraint", wanted_.constraints, actual_.constraints);
    CompareObjects("index", wanted_.indexes, AllIndexes(actual_.indexes, actual_.constraints));
  }

 private:
  void CompareColumn(const ColumnPair& pair) {
    const SchemaColumn& wanted = *pair.wanted;
    if (pair.actual == nullptr) return Wrong(wanted.name, "is missing", true);
    const SchemaColumn& actual = *pair.actual;
    if (actual.name != wanted.name) {
      return Wrong(wanted.name, absl::StrCat("is called ", actual.name), true);
    }
    if (wanted.type != actual.type) {
      Wrong(wanted.name, absl::StrCat("is ", actual.type, ", not ", wanted.type),
            !CanServe(pair_, wanted.type, actual.type));
    }
    if (wanted.collation != actual.collation) {
      Wrong(wanted.name, absl::StrCat("has not the collation ", wanted.collation), Relied());
    }
    if (wanted.not_null != actual.not_null) {
      Wrong(wanted.name, wanted.not_null ? "may be NULL" : "may not be NULL",
            Relied() && !wanted.not_null);
    }
    if (!SameDefault(wanted.default_value, actual.default_value)) {
      Wrong(wanted.name,
            absl::StrCat("has ",
                         actual.default_value.empty()
                             ? "no default"
                             : absl::StrCat("the default ", actual.default_value),
                         ", not ", wanted.default_value.empty() ? "none" : wanted.default_value),
            Relied() && actual.default_value.empty() && actual.not_null && !actual.generated);
    }
    if (wanted.comment != actual.comment && !pair_.foreign) {
      Wrong(wanted.name, "has not the comment that identifies it", false);
    }
  }

  void CompareExtra(const SchemaColumn& column) {
    if (pair_.IsWanted(column)) return;
    if (NeedsValue(column)) {
      Wrong(column.name,
            "is not the contract's, may not be NULL and has no default: no row can be "
            "added",
            Relied());
    } else {
      Extra("column " + column.name);
    }
  }

  void CompareObjects(const std::string& kind, const std::vector<SchemaObject>& wanted,
                      const std::vector<SchemaObject>& actual) {
    for (const SchemaObject& object : wanted) {
      const SchemaObject* found = FindNamed(actual, object.name);
      const std::string label = absl::StrCat(kind, " ", object.name);
      // Whether the server relies on the object, because it does not enforce the rule itself.
      const bool relied_on =
          wanted_.served &&
          (pair_.foreign
               ? IsPrimaryKey(object) && !IsUniqueIn(actual_, ColumnsOf(object))
               : IsPrimaryKey(object) || AsForeignKey(object) != nullptr || IsUniqueIndex(object));
      if (found == nullptr) {
        Wrong(label, "is missing", relied_on);
      } else if (!SameDefinition(*found, object)) {
        Wrong(label, absl::StrCat("is ", DefinitionText(*found), ", not ", DefinitionText(object)),
              relied_on);
      } else if (!found->valid) {
        Wrong(label, "is not valid", relied_on && IsUniqueIndex(object));
      } else if (!found->ours && !found->of_constraint && !pair_.foreign) {
        Wrong(label, "has not the comment that identifies it", false);
      }
    }
    for (const SchemaObject& object : actual) {
      if (FindNamed(wanted, object.name) != nullptr || object.of_constraint) continue;
      if (IsPlainUnique(object) && FindNamed(wanted_.indexes, object.name) != nullptr) continue;
      if (object.leftover) {
        Leftover(object);
        continue;
      }
      // An earlier contract had it, and apply drops it.
      if (object.ours) {
        Wrong(absl::StrCat(kind, " ", object.name), "is no longer the contract's", false);
      } else {
        Extra(absl::StrCat(kind, " ", object.name));
      }
    }
  }

  void Leftover(const SchemaObject& index) {
    const std::string text = absl::StrCat(name_, ": index ", index.name,
                                          " is not valid: REINDEX CONCURRENTLY left it, and ");
    if (IsLeftoverOf(wanted_, index)) {
      out_.wrong.push_back({absl::StrCat(text, "apply drops it"), false});
    } else {
      out_.extra.push_back(absl::StrCat(text, "DROP INDEX CONCURRENTLY takes it away"));
    }
  }

  // Servers rely on the contract's properties of a table. A table of another program is served as
  // it is, and a write that it refuses fails.
  bool Relied() const { return !pair_.foreign; }

  void Wrong(const std::string& part, const std::string& problem, bool harmful) {
    out_.wrong.push_back({absl::StrCat(name_, part.empty() ? "" : ": ", part, " ", problem),
                          harmful && wanted_.served});
  }
  void Extra(const std::string& part) {
    out_.extra.push_back(absl::StrCat(name_, ": ", part, " is not the contract's"));
  }

  const TablePair& pair_;
  const SchemaTable& wanted_;
  const SchemaTable& actual_;
  const std::string label_;
  Differences& out_;
  const std::string name_;
};

}  // namespace

std::vector<Difference> CompareColumnsAndObjects(const TablePair& pair) {
  Differences out;
  TableComparison(pair, "", out).RunParts();
  return std::move(out.wrong);
}

Differences Compare(const SchemaModel& wanted, const SchemaModel& actual) {
  Differences out;
  const Pairing pairing = Pair(wanted, actual);
  for (const TablePair& pair : pairing.tables) {
    if (pair.actual == nullptr) {
      out.wrong.push_back(
          {absl::StrCat(TableName(*pair.wanted), " is missing"), pair.wanted->served});
    } else {
      TableComparison(pair, pairing.Label(*pair.wanted), out).Run();
    }
  }
  for (const SchemaTable* table : pairing.removed) {
    for (const SchemaObject& constraint : table->constraints) {
      if (!RestrictsDeletion(constraint)) continue;
      out.wrong.push_back({absl::StrCat(TableName(*table), ": constraint ", constraint.name,
                                        " is no longer the contract's, and keeps rows from being "
                                        "deleted"),
                           false});
    }
    out.extra.push_back(absl::StrCat(TableName(*table), " is not the contract's"));
  }
  return out;
}

}  // namespace dataservice::schema
