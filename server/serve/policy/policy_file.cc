#include "serve/policy/policy_file.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "log.h"

namespace dataservice {
namespace {

constexpr size_t kMaxPolicyBytes = 4 * 1024 * 1024;

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), {}};
  if (!file.is_open() || file.bad()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": the file cannot be read"));
  }
  if (content.size() > kMaxPolicyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": the file has more than ", kMaxPolicyBytes, " bytes"));
  }
  return content;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Policy>> ReadPolicy(const std::string& path,
                                                         const Contract& contract) {
  const auto content = ReadFile(path);
  if (!content.ok()) return content.status();
  return Policy::Parse(*content, path, contract);
}

absl::StatusOr<std::unique_ptr<PolicyFile>> PolicyFile::Open(const std::string& path,
                                                             const Contract& contract,
                                                             std::chrono::milliseconds period) {
  std::unique_ptr<PolicyFile> file(new PolicyFile(path, contract));
  auto content = ReadFile(path);
  if (!content.ok()) return content.status();
  file->content_ = *std::move(content);
  absl::Status status = file->Load();
  if (!status.ok()) return status;
  file->watcher_ = std::thread([watched = file.get(), period] { watched->Watch(period); });
  return file;
}

PolicyFile::~PolicyFile() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (watcher_.joinable()) watcher_.join();
}

absl::Status PolicyFile::Load() {
  auto policy = Policy::Parse(content_, path_, contract_);
  if (!policy.ok()) return policy.status();
  current_.Set(*std::move(policy));
  return absl::OkStatus();
}

void PolicyFile::Watch(std::chrono::milliseconds period) {
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), absl::FromChrono(period))) {
    mutex_.Unlock();
    Reload();
    mutex_.Lock();
  }
}

void PolicyFile::Reload() {
  auto content = ReadFile(path_);
  if (!content.ok()) {
    if (!std::exchange(missing_, true)) {
      LogError("policy_unreadable", {{"error", std::string(content.status().message())},
                                     {"advice", "the last policy stays in force"}});
    }
    return;
  }
  missing_ = false;
  if (*content == content_) return;
  content_ = *std::move(content);
  const absl::Status status = Load();
  if (status.ok()) {
    LogInfo("policy_loaded", {{"file", path_}});
  } else {
    LogError("policy_broken", {{"error", std::string(status.message())},
                               {"advice", "the last policy stays in force"}});
  }
}

}  // namespace dataservice
