// The policy of a server, read from a file and read again when the file changes.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "contract/contract.h"
#include "replaceable.h"
#include "serve/policy/policy.h"

namespace dataservice {

// Looks at the file every `period`, and takes its content if that is another one, however the
// file was changed: written, renamed over, or a symbolic link that leads elsewhere (as Kubernetes
// replaces the files of a ConfigMap). A file that cannot be read or is no policy is reported in
// the log once, and the last policy stays. Thread-safe.
class PolicyFile {
 public:
  static constexpr std::chrono::milliseconds kPeriod{1000};

  // The first content must be a policy: INVALID_ARGUMENT otherwise. The contract outlives it.
  static absl::StatusOr<std::unique_ptr<PolicyFile>> Open(
      const std::string& path, const Contract& contract,
      std::chrono::milliseconds period = kPeriod);
  ~PolicyFile();

  // Never null.
  std::shared_ptr<const Policy> Current() const { return current_.Get(); }

 private:
  PolicyFile(std::string path, const Contract& contract)
      : path_(std::move(path)), contract_(contract) {}

  absl::Status Load();
  void Watch(std::chrono::milliseconds period);
  void Reload();

  const std::string path_;
  const Contract& contract_;
  Replaceable<Policy> current_;
  // Of the last attempt; the watching thread alone uses them after Open().
  std::string content_;
  bool missing_ = false;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread watcher_;
};

// The policy in a file. INVALID_ARGUMENT if it cannot be read or is no policy.
absl::StatusOr<std::shared_ptr<const Policy>> ReadPolicy(const std::string& path,
                                                         const Contract& contract);

}  // namespace dataservice
