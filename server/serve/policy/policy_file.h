// The policy of a server, read from a file and read again when the file changes.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "contract/contract.h"
#include "file_watch.h"
#include "replaceable.h"
#include "serve/policy/policy.h"

namespace dataservice {

// Takes the content of the file when it changes (FileWatch). While the file cannot be read or is no
// policy, the last policy stays. Thread-safe.
class PolicyFile {
 public:
  // The first content must be a policy: INVALID_ARGUMENT otherwise. The contract outlives it.
  static absl::StatusOr<std::unique_ptr<PolicyFile>> Open(
      const std::string& path, const Contract& contract,
      absl::Duration period = FileWatch::kPeriod);

  // Never null.
  std::shared_ptr<const Policy> Current() const { return current_.Get(); }

 private:
  PolicyFile() = default;

  Replaceable<Policy> current_;
  std::unique_ptr<FileWatch> watch_;
};

// The policy in a file. INVALID_ARGUMENT if it cannot be read or is no policy.
absl::StatusOr<std::shared_ptr<const Policy>> ReadPolicy(const std::string& path,
                                                         const Contract& contract);

}  // namespace dataservice
