// The server wired together: contract -> database -> execution -> rpc.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "contract/contract.h"
#include "postgres/connection.h"
#include "serve/audit/audit_log.h"
#include "serve/custom/custom_methods.h"
#include "serve/execution/claim_cleaner.h"
#include "serve/execution/executor.h"
#include "serve/execution/observer.h"
#include "serve/identity/authenticator.h"
#include "serve/monitoring/engine_state.h"
#include "serve/policy/policy_file.h"
#include "serve/reader/reader.h"
#include "serve/request/call_observer.h"
#include "serve/rpc/server.h"

namespace dataservice {

struct EngineSettings {
  RpcSettings rpc;
  ExecutionSettings execution;
  ClaimSettings claims;
  ConnectionSettings database;
  // Absent: the writer executes all reads.
  std::optional<ReaderSettings> reader = std::nullopt;
  // Finds out who calls, and outlives the engine; null: every caller is anonymous.
  const Authenticator* authenticator = nullptr;
  // Decides who may call what, and outlives the engine; null: everybody may call everything.
  const PolicyFile* policy = nullptr;
  // Records writes and refusals, and outlives the engine; null: nothing is recorded.
  AuditLog* audit = nullptr;
  // Observe calls and batches, and outlive the engine; null: nobody observes.
  CallObserver* calls = nullptr;
  ExecutionObserver* batches = nullptr;
  // The key that signs page tokens.
  std::string page_token_key;
};

// Serves a contract from its start to its drain. The program and the integration tests use
// it. Thread-safe.
class Engine {
 public:
  // The contract and the custom methods must outlive it. INVALID_ARGUMENT if these do not fit
  // the contract, UNAVAILABLE if the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<Engine>> Start(const EngineSettings& settings,
                                                       const Contract& contract,
                                                       const CustomMethods& custom_methods);
  // Drains it.
  virtual ~Engine() = default;

  virtual int port() const = 0;

  // Also after the drain.
  virtual EngineState state() const = 0;

  // As RpcServer::Drain. Afterwards nothing uses the database any more.
  virtual void Drain() = 0;
};

}  // namespace dataservice
