#include "serve/policy/policy_file.h"

#include <utility>

#include "read_file.h"

namespace dataservice {

absl::StatusOr<std::shared_ptr<const Policy>> ReadPolicy(const std::string& path,
                                                         const Contract& contract) {
  const auto content = ReadFile(path);
  if (!content.ok()) return content.status();
  return Policy::Parse(*content, path, contract);
}

absl::StatusOr<std::unique_ptr<PolicyFile>> PolicyFile::Open(const std::string& path,
                                                             const Contract& contract,
                                                             absl::Duration period) {
  std::unique_ptr<PolicyFile> file(new PolicyFile);
  const auto accept = [path, &contract, &current = file->current_](
                          const std::vector<std::string>& contents) -> absl::Status {
    auto policy = Policy::Parse(contents.front(), path, contract);
    if (policy.ok()) current.Set(*std::move(policy));
    return policy.status();
  };
  auto watch = FileWatch::Start({path}, accept, period);
  if (!watch.ok()) return watch.status();
  file->watch_ = *std::move(watch);
  return file;
}

}  // namespace dataservice
