// What a statement returned.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace dataservice {

// One row, as text. Cheap to copy; must not outlive the result.
class ResultRow {
 public:
  ResultRow(const PGresult* result, int number) : result_(result), number_(number) {}

  bool is_null(int column) const { return PQgetisnull(result_, number_, column) != 0; }
  // A value as PostgreSQL prints it; empty for NULL.
  std::string_view text(int column) const {
    return {PQgetvalue(result_, number_, column),
            static_cast<size_t>(PQgetlength(result_, number_, column))};
  }

 private:
  const PGresult* result_;
  int number_;
};

// Copies share the rows. Belongs to one thread at a time.
class QueryResult {
 public:
  // Takes the ownership of a libpq result.
  explicit QueryResult(PGresult* result) : result_(result, PQclear) {}

  int size() const { return PQntuples(result_.get()); }
  bool empty() const { return size() == 0; }
  ResultRow operator[](int row) const { return {result_.get(), row}; }
  ResultRow back() const { return {result_.get(), size() - 1}; }
  // Rows that the statement inserted, changed or deleted.
  int64_t affected_rows() const;

 private:
  std::shared_ptr<PGresult> result_;
};

}  // namespace dataservice
