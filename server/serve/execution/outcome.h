// The results of work that succeeded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace dataservice {

// Of ReadWork and WriteWork.
struct RowOutcome {
  // The resource's message; empty for a deletion.
  std::string message;
  // The write created the row.
  bool created = false;
};

// Of BatchReadWork, BatchWriteWork and CustomWork.
struct ResponseOutcome {
  std::string message;
};

// Of PageWork.
struct PageOutcome {
  // The response's repeated field; JSON of its elements if the work asks for it.
  std::string rows;
  size_t count = 0;  // of the rows
  // More rows follow; the next page begins after `position` (serve/values/position.h).
  bool more = false;
  std::string position;
  // The number of rows of all pages, where the shape asks for it.
  int64_t total = 0;
};

// Of ExportWork.
struct ExportOutcome {
  // The rows' messages one after another, and where each of them ends.
  std::string rows;
  std::vector<size_t> row_ends;
  // The next page begins after it; empty if the page is.
  std::string position;
};

using Outcome = std::variant<RowOutcome, ResponseOutcome, PageOutcome, ExportOutcome>;

}  // namespace dataservice
