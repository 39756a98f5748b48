// The audit log in a file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "serve/audit/audit_log.h"

namespace dataservice {

// Appends a line for each record to a file, or to standard error. A thread of its own writes; a
// call never waits for it. While the file cannot be written (a full disk, a pipe that nobody
// reads), records wait in memory up to kMaxWaiting bytes. Those beyond it are dropped: they are
// counted, the log reports it when it begins, and once the file can be written again, a line
// {"event":"lost","count":N} in the file has their number. A file that was renamed or deleted is
// made again (logrotate). Thread-safe.
class AuditFile final : public AuditLog {
 public:
  static constexpr size_t kMaxWaiting = 16 * 1024 * 1024;

  // `target`: a path, or "stderr". FAILED_PRECONDITION if the file cannot be opened.
  static absl::StatusOr<std::unique_ptr<AuditFile>> Open(const std::string& target,
                                                         size_t max_waiting = kMaxWaiting);
  // Writes what waits, for two seconds at most while the file cannot be written.
  ~AuditFile() override;

  void Add(const AuditRecord& record) override;

 private:
  AuditFile(std::string path, int file, size_t max_waiting)
      : path_(std::move(path)), max_waiting_(max_waiting), file_(file) {}

  // Writes until the end.
  void Write();
  // Waits for records, and takes them into `unwritten_`. False if there will be none.
  bool Take();
  // Writes as much of `unwritten_` as the file takes now. False if it takes nothing.
  bool WriteSome();
  // Opens the path again if another file, or none, is there.
  void Follow();
  bool IsStopping();

  const std::string path_;  // empty for standard error
  const size_t max_waiting_;
  // The writing thread alone uses them after Open().
  int file_;
  std::string unwritten_;

  absl::Mutex mutex_;
  std::string waiting_ ABSL_GUARDED_BY(mutex_);  // lines
  int64_t lost_ ABSL_GUARDED_BY(mutex_) = 0;     // records that were dropped after these
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread writer_;
};

}  // namespace dataservice
