#include "schema/difference.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "schema/ddl.h"

namespace dataservice {
namespace {

template <typename Named>
const Named* FindNamed(const std::vector<Named>& list, const std::string& name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Named& item) { return item.name == name; });
  return found == list.end() ? nullptr : &*found;
}

// PostgreSQL gives a default back with casts: `''` as `''::character varying`.
bool SameDefault(const std::string& wanted, const std::string& actual) {
  const auto bare = [](const std::string& text) {
    std::string out = text.substr(0, text.find("::"));
    if (absl::StartsWith(out, "'\\x'")) out = "''";
    return out;
  };
  return bare(wanted) == bare(actual);
}

class TableComparison {
 public:
  TableComparison(const SchemaTable& wanted, const SchemaTable& actual, Differences& out)
      : wanted_(wanted), actual_(actual), out_(out), name_(TableName(wanted)) {}

  void Run() {
    if (wanted_.comment != actual_.comment) Wrong("", "has not the comment that identifies it");
    for (const SchemaColumn& column : wanted_.columns) CompareColumn(column);
    for (const SchemaColumn& column : actual_.columns) {
      if (FindNamed(wanted_.columns, column.name) == nullptr) Extra("column " + column.name);
    }
    CompareObjects("constraint", wanted_.constraints, actual_.constraints);
    CompareObjects("index", wanted_.indexes, actual_.indexes);
  }

 private:
  void CompareColumn(const SchemaColumn& wanted) {
    const SchemaColumn* actual = FindNamed(actual_.columns, wanted.name);
    if (actual == nullptr) return Wrong(wanted.name, "is missing");
    if (wanted.type != actual->type) {
      Wrong(wanted.name, absl::StrCat("is ", actual->type, ", not ", wanted.type));
    }
    if (wanted.collation != actual->collation) {
      Wrong(wanted.name, absl::StrCat("has not the collation ", wanted.collation));
    }
    if (wanted.not_null != actual->not_null) {
      Wrong(wanted.name, wanted.not_null ? "may be NULL" : "may not be NULL");
    }
    if (!SameDefault(wanted.default_value, actual->default_value)) {
      Wrong(wanted.name, absl::StrCat("has the default ", actual->default_value, ", not ",
                                      wanted.default_value));
    }
    if (wanted.comment != actual->comment) {
      Wrong(wanted.name, "has not the comment that identifies it");
    }
  }

  void CompareObjects(const std::string& kind, const std::vector<SchemaObject>& wanted,
                      const std::vector<SchemaObject>& actual) {
    for (const SchemaObject& object : wanted) {
      const SchemaObject* found = FindNamed(actual, object.name);
      const std::string label = absl::StrCat(kind, " ", object.name);
      if (found == nullptr) {
        Wrong(label, "is missing");
      } else if (found->definition != object.definition) {
        Wrong(label, absl::StrCat("is ", found->definition, ", not ", object.definition));
      } else if (!found->valid) {
        Wrong(label, "is not valid");
      }
    }
    for (const SchemaObject& object : actual) {
      if (FindNamed(wanted, object.name) == nullptr) {
        Extra(absl::StrCat(kind, " ", object.name));
      }
    }
  }

  void Wrong(const std::string& part, const std::string& problem) {
    out_.wrong.push_back(absl::StrCat(name_, part.empty() ? "" : ": ", part, " ", problem));
  }
  void Extra(const std::string& part) {
    out_.extra.push_back(absl::StrCat(name_, ": ", part, " is not the contract's"));
  }

  const SchemaTable& wanted_;
  const SchemaTable& actual_;
  Differences& out_;
  const std::string name_;
};

}  // namespace

Differences Compare(const SchemaModel& wanted, const SchemaModel& actual) {
  Differences out;
  for (const SchemaTable& table : wanted.tables) {
    const auto found =
        std::find_if(actual.tables.begin(), actual.tables.end(), [&](const SchemaTable& other) {
          return other.schema == table.schema && other.name == table.name;
        });
    if (found == actual.tables.end()) {
      out.wrong.push_back(absl::StrCat(TableName(table), " is missing"));
    } else {
      TableComparison(table, *found, out).Run();
    }
  }
  return out;
}

}  // namespace dataservice
