#include "serve/identity/file_watch.h"

#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "log.h"

namespace dataservice {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content(FileWatch::kMaxBytes + 1, '\0');
  if (file) file.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (!file.is_open() || file.bad()) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  }
  content.resize(static_cast<size_t>(file.gcount()));
  if (content.size() > FileWatch::kMaxBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " has more than ", FileWatch::kMaxBytes, " bytes"));
  }
  return content;
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileWatch>> FileWatch::Start(std::vector<std::string> paths,
                                                            Accept accept, absl::Duration period) {
  std::unique_ptr<FileWatch> watch(new FileWatch(std::move(paths), std::move(accept)));
  absl::Status status = watch->Read(watch->contents_);
  if (status.ok()) status = watch->accept_(watch->contents_);
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

absl::Status FileWatch::Read(std::vector<std::string>& contents) const {
  for (const std::string& path : paths_) {
    auto content = ReadFile(path);
    if (!content.ok()) return content.status();
    contents.push_back(*std::move(content));
  }
  return absl::OkStatus();
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
  std::vector<std::string> contents;
  absl::Status status = Read(contents);
  if (status.ok()) {
    if (contents == contents_) {
      failure_ = absl::OkStatus();
      return;
    }
    contents_ = std::move(contents);
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
