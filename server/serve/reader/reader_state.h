// What a reader does, at a moment and so far.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "postgres/connection_counts.h"

namespace dataservice {

struct ReaderState {
  // How far it is behind the writer at most; absent while it is not used.
  std::optional<std::chrono::nanoseconds> lag;
  // Reads that may be stale, by the database that executed them.
  uint64_t by_reader = 0;
  uint64_t by_writer = 0;
  // Of the latter, those that had failed on the reader.
  uint64_t repeated = 0;
  // Of the connections to it; lives as long as the reader.
  const ConnectionCounts* database = nullptr;
};

}  // namespace dataservice
