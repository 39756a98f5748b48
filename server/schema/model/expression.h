// SQL expressions over the columns of one table.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dataservice::schema {

// Old name -> new name.
using NameMap = std::map<std::string, std::string>;

// SQL text in which each reference to a column is a part of its own, so that columns are
// renamed without reading the text.
class Expression {
 public:
  Expression() = default;
  // A reference to a column.
  static Expression Column(std::string name);

  void Append(const absl::AlphaNum& sql);
  void Append(const Expression& other);

  bool empty() const { return parts_.empty(); }
  // The SQL text, with identifiers quoted where PostgreSQL requires it.
  std::string Sql() const;
  // The names of the columns, each once, in the order of their first reference.
  std::vector<std::string> Columns() const;
  // The same expression after the columns were renamed.
  Expression Renamed(const NameMap& columns) const;

  // Whether both have the same SQL text.
  bool operator==(const Expression& other) const { return Sql() == other.Sql(); }

 private:
  struct Part {
    std::string text;  // SQL, or the name of a column
    bool is_column = false;
  };
  std::vector<Part> parts_;
};

// An expression of the pieces in order: SQL text, numbers and expressions.
template <typename... Pieces>
Expression Concat(const Pieces&... pieces) {
  Expression out;
  (out.Append(pieces), ...);
  return out;
}

// The names after renaming.
std::vector<std::string> Renamed(std::vector<std::string> names, const NameMap& columns);

}  // namespace dataservice::schema
