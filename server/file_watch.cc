#include "file_watch.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_join.h"
#include "log.h"
#include "read_file.h"

namespace dataservice {
absl::StatusOr<std::unique_ptr<FileWatch>> FileWatch::Start(std::vector<std::string> paths,
                                                            Accept accept, absl::Duration period) {
  std::unique_ptr<FileWatch> watch(new FileWatch(std::move(paths), std::move(accept)));
  auto contents = watch->Read();
  if (!contents.ok()) return contents.status();
  watch->contents_ = *std::move(contents);
  absl::Status status = watch->accept_(watch->contents_);
  if (!status.ok()) return status;
  watch->thread_ = std::thread([watch = watch.get(), period] { watch->Watch(period); });
  return watch;
}

FileWatch::~FileWatch() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::StatusOr<std::vector<std::string>> FileWatch::Read() const {
  std::vector<std::string> contents;
  for (size_t i = 0; i < paths_.size(); ++i) {
    std::error_code error;
    if (!contents_.empty() && std::filesystem::is_fifo(paths_[i], error)) {
      contents.push_back(contents_[i]);
      continue;
    }
    auto content = ReadFile(paths_[i]);
    if (!content.ok()) return content.status();
    contents.push_back(*std::move(content));
  }
  return contents;
}

void FileWatch::Watch(absl::Duration period) {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), period)) return;
    }
    Look();
  }
}

void FileWatch::Look() {
  auto contents = Read();
  absl::Status status = contents.status();
  if (status.ok()) {
    if (*contents == contents_) {
      failure_ = absl::OkStatus();
      return;
    }
    contents_ = *std::move(contents);
    status = accept_(contents_);
  }
  const std::string files = absl::StrJoin(paths_, " ");
  if (status.ok()) {
    LogInfo("file_reloaded", {{"files", files}});
  } else if (status != failure_) {
    LogWarning("file_refused", {{"files", files},
                                {"error", std::string(status.message())},
                                {"advice", "the contents that were read before stay in use"}});
  }
  failure_ = std::move(status);
}

}  // namespace dataservice
