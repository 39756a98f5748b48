// Files that are read again when they change: certificates, keys, policies.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dataservice {

// Reads a set of files every `period` and passes their contents on when one of them has
// another content, however it was replaced: written, renamed over, or a symbolic link that
// leads elsewhere. A FIFO is read once. Thread-safe.
class FileWatch {
 public:
  static constexpr absl::Duration kPeriod = absl::Seconds(1);

  // Gets the contents in the order of the paths. An error means that they cannot be used;
  // its message must not quote secrets. It is then logged once (`file_refused`), and whatever
  // was accepted before stays in use.
  using Accept = std::function<absl::Status(const std::vector<std::string>& contents)>;

  // Calls `accept` before it returns, and later from a thread of its own.
  // As ReadFile() if a file cannot be read; the error of `accept` if it returns one.
  static absl::StatusOr<std::unique_ptr<FileWatch>> Start(std::vector<std::string> paths,
                                                          Accept accept,
                                                          absl::Duration period = kPeriod);
  ~FileWatch();

 private:
  FileWatch(std::vector<std::string> paths, Accept accept)
      : paths_(std::move(paths)), accept_(std::move(accept)) {}

  // The contents now; those of before of a FIFO, which can be read once.
  absl::StatusOr<std::vector<std::string>> Read() const;
  void Watch(absl::Duration period);
  // Reads the files, and reports in the log what it did.
  void Look();

  const std::vector<std::string> paths_;
  const Accept accept_;
  // Of the last attempt. The watching thread alone uses both after Start().
  std::vector<std::string> contents_;
  absl::Status failure_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataservice
