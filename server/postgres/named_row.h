// A row of the catalogue.
#pragma once

#include <pqxx/pqxx>
#include <string>
#include <utility>
#include <vector>

#include "postgres/literals.h"

namespace dataservice {

// Reads the columns of a row by their names. Each name must be a column of the query, and its
// value of the type that the function names.
class NamedRow {
 public:
  explicit NamedRow(pqxx::row row) : row_(std::move(row)) {}

  // Any type as text; empty for NULL.
  std::string Text(const char* column) const { return row_[column].c_str(); }
  // boolean; false for NULL.
  bool Flag(const char* column) const { return row_[column].as<bool>(false); }
  // Any integer; 0 for NULL.
  long long Number(const char* column) const { return row_[column].as<long long>(0); }
  // text[] or name[], without its NULLs.
  std::vector<std::string> List(const char* column) const {
    std::vector<std::string> out;
    ArrayReader reader(row_[column].c_str());
    for (std::string element; reader.Next(element);) out.push_back(element);
    return out;
  }

 private:
  pqxx::row row_;
};

}  // namespace dataservice
