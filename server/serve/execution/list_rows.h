// The result of a list's statement, by the operations that it serves.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/query_result.h"
#include "serve/execution/outcome.h"
#include "serve/execution/work.h"
#include "serve/sql/element_writer.h"
#include "serve/sql/statement.h"

namespace dataservice {

// Must not outlive the statement, which has a ListShape. Not thread-safe.
class ListRows {
 public:
  // `operations`: the number of lists that the statement read.
  ListRows(const Statement& statement, const QueryResult& rows, size_t operations);

  // The page of the list `index`, from 0, among those of the statement.
  absl::StatusOr<PageOutcome> PageOf(const PageWork& work, size_t index);

 private:
  // The writer of the form that a list asks for. It is kept for the next list, which mostly asks
  // for the same form.
  ElementWriter& WriterOf(const PageWork& work);

  const Statement& statement_;
  const ListShape& shape_;
  const QueryResult rows_;
  std::unique_ptr<ElementWriter> writer_;
  const JsonWriter* writer_json_ = nullptr;  // of writer_
  int64_t total_ = 0;
  // Of each operation, in the order of its list.
  std::vector<std::vector<int>> rows_of_;
};

// The position after which the next page begins: the values of the order's columns in the
// last row of a page.
std::string PositionOf(const Statement& statement, const std::vector<OrderTerm>& order,
                       ResultRow row);

}  // namespace dataservice
