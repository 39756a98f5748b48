// What an engine holds at a moment, and what it has counted so far.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "postgres/connection_counts.h"
#include "serve/connection/client_connections.h"
#include "serve/execution/queue_state.h"
#include "serve/reader/reader_state.h"

namespace dataservice {

struct EngineState {
  QueueState queue;
  size_t queue_capacity = 0;
  int workers = 0;
  ConnectionsState clients;
  // Of the connections to the database; lives as long as the engine.
  const ConnectionCounts* database = nullptr;
  uint64_t claims_deleted = 0;
  // False from the beginning of the drain on.
  bool is_serving = true;
  // Absent if there is no reader.
  std::optional<ReaderState> reader = std::nullopt;
};

// What the program was made of.
struct BuildInfo {
  std::string version;
  std::string grpc_version;
  std::string contract;
  // Identifies the contract's description, as in the gateway.
  std::string contract_digest;
};

}  // namespace dataservice
