// One applier at a time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "postgres/session.h"

namespace dataservice::schema {

// An advisory lock of a transaction that stays open on a READ COMMITTED connection
// of its own: one of the session would pin RDS Proxy's connection, and a waiter's
// snapshot would hang CREATE INDEX CONCURRENTLY for ever, so the lock is tried and
// never waited for. Let go when this is destroyed, or its process dies.
// Thread-safe.
class SchemaLock {
 public:
  // Tries again every `poll` until `wait` is over; ABORTED then, with who has it.
  // `tell` gets that line once when the waiting begins.
  static absl::StatusOr<std::unique_ptr<SchemaLock>> Take(
      const std::string& conninfo, std::chrono::milliseconds wait, std::chrono::milliseconds poll,
      const std::function<void(const std::string&)>& tell);

  // A query on the lock's connection, between its transaction's statements: keeps
  // it from being idle, and says if it was lost.
  absl::StatusOr<pqxx::result> Query(const std::string& text,
                                     const std::vector<std::string>& parameters = {});
  // ABORTED if it was lost with its connection: somebody else may have it now.
  absl::Status Check();

 private:
  explicit SchemaLock(std::unique_ptr<SchemaSession> session) : session_(std::move(session)) {}

  absl::Mutex mutex_;
  std::unique_ptr<SchemaSession> session_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice::schema
