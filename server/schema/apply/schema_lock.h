// Excludes other runs of the schema tool.
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

// An advisory lock of a transaction that stays open on a READ COMMITTED connection of its own. A
// lock of the session would pin RDS Proxy's connection. The snapshot of a waiting statement would
// block CREATE INDEX CONCURRENTLY forever, so the lock is only tried, never waited for. It is
// released when this is destroyed or the process ends.
// Thread-safe.
class SchemaLock {
 public:
  // Tries again every `poll`, for at most `wait`; then ABORTED with the holder of the lock. `tell`
  // is called once, when the waiting begins.
  static absl::StatusOr<std::unique_ptr<SchemaLock>> Take(
      const std::string& conninfo, std::chrono::milliseconds wait, std::chrono::milliseconds poll,
      const std::function<void(const std::string&)>& tell);

  // Runs a query on the lock's connection, in its transaction.
  absl::StatusOr<pqxx::result> Query(const std::string& text,
                                     const std::vector<std::string>& parameters = {});
  // ABORTED if the connection, and with it the lock, was lost.
  absl::Status Check();

 private:
  explicit SchemaLock(std::unique_ptr<SchemaSession> session) : session_(std::move(session)) {}

  absl::Mutex mutex_;
  std::unique_ptr<SchemaSession> session_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice::schema
