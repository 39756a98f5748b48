#include "schema/difference.h"

#include "absl/strings/str_cat.h"
#include "schema/ddl.h"
#include "schema/defaults.h"
#include "schema/pairing.h"
#include "schema/type_change.h"

namespace dataservice {
namespace {

// Whether a server that knows the narrow type can serve the wide one: while the
// next contract's schema is there already, and its servers are not.
bool IsWidened(const std::string& wanted, const std::string& actual) {
  const auto change = ChangeOfType(wanted, actual, "");
  return change && change->fits.empty() && change->keeps_references;
}

class TableComparison {
 public:
  TableComparison(const TablePair& pair, Differences& out)
      : pair_(pair),
        wanted_(*pair.wanted),
        actual_(*pair.actual),
        out_(out),
        name_(TableName(wanted_)) {}

  void Run() {
    if (TableName(actual_) != name_) {
      return Wrong("", absl::StrCat("is called ", TableName(actual_)), wanted_.served);
    }
    if (wanted_.comment != actual_.comment) {
      Wrong("", "has not the comment that identifies it", false);
    }
    for (const ColumnPair& column : pair_.columns) CompareColumn(column);
    for (const SchemaColumn& column : actual_.columns) CompareExtra(column);
    for (const std::string& oddity : actual_.oddities) {
      out_.extra.push_back(absl::StrCat(name_, ": ", oddity));
    }
    CompareObjects("constraint", wanted_.constraints, actual_.constraints);
    CompareObjects("index", wanted_.indexes, actual_.indexes);
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
            !IsWidened(wanted.type, actual.type));
    }
    if (wanted.collation != actual.collation) {
      Wrong(wanted.name, absl::StrCat("has not the collation ", wanted.collation), true);
    }
    if (wanted.not_null != actual.not_null) {
      Wrong(wanted.name, wanted.not_null ? "may be NULL" : "may not be NULL", !wanted.not_null);
    }
    if (!SameDefault(wanted.default_value, actual.default_value)) {
      Wrong(wanted.name,
            absl::StrCat("has ",
                         actual.default_value.empty()
                             ? "no default"
                             : absl::StrCat("the default ", actual.default_value),
                         ", not ", wanted.default_value.empty() ? "none" : wanted.default_value),
            actual.default_value.empty() && actual.not_null);
    }
    if (wanted.comment != actual.comment) {
      Wrong(wanted.name, "has not the comment that identifies it", false);
    }
  }

  void CompareExtra(const SchemaColumn& column) {
    if (pair_.IsWanted(column)) return;
    if (NeedsValue(column)) {
      Wrong(column.name,
            "is not the contract's, may not be NULL and has no default: no row can be "
            "added",
            true);
    } else {
      Extra("column " + column.name);
    }
  }

  void CompareObjects(const std::string& kind, const std::vector<SchemaObject>& wanted,
                      const std::vector<SchemaObject>& actual) {
    for (const SchemaObject& object : wanted) {
      const SchemaObject* found = FindNamed(actual, object.name);
      const std::string label = absl::StrCat(kind, " ", object.name);
      // What the server does not see to by itself.
      const bool relied_on =
          wanted_.served && (IsPrimaryKey(object) || IsForeignKey(object) || IsUnique(object));
      if (found == nullptr) {
        Wrong(label, "is missing", relied_on);
      } else if (found->definition != object.definition) {
        Wrong(label, absl::StrCat("is ", found->definition, ", not ", object.definition),
              relied_on);
      } else if (!found->valid) {
        Wrong(label, "is not valid", relied_on && IsUnique(object));
      } else if (!found->ours) {
        Wrong(label, "has not the comment that identifies it", false);
      }
    }
    for (const SchemaObject& object : actual) {
      if (FindNamed(wanted, object.name) != nullptr) continue;
      // The contract had it: the tool takes it away.
      if (object.ours) {
        Wrong(absl::StrCat(kind, " ", object.name), "is no longer the contract's", false);
      } else {
        Extra(absl::StrCat(kind, " ", object.name));
      }
    }
  }

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
  Differences& out_;
  const std::string name_;
};

}  // namespace

Differences Compare(const SchemaModel& wanted, const SchemaModel& actual) {
  Differences out;
  const Pairing pairing = Pair(wanted, actual);
  for (const TablePair& pair : pairing.tables) {
    if (pair.actual == nullptr) {
      out.wrong.push_back(
          {absl::StrCat(TableName(*pair.wanted), " is missing"), pair.wanted->served});
    } else {
      TableComparison(pair, out).Run();
    }
  }
  for (const SchemaTable* table : pairing.removed) {
    for (const SchemaObject& constraint : table->constraints) {
      if (!KeepsFromDeletion(constraint)) continue;
      out.wrong.push_back({absl::StrCat(TableName(*table), ": constraint ", constraint.name,
                                        " is no longer the contract's, and keeps rows from being "
                                        "deleted"),
                           false});
    }
    out.extra.push_back(absl::StrCat(TableName(*table), " is not the contract's"));
  }
  return out;
}

}  // namespace dataservice
