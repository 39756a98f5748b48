#include "serve/audit/audit_file.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "log.h"

namespace dataservice {
namespace {

constexpr std::chrono::milliseconds kRetryPause{100};
constexpr std::chrono::seconds kLastPatience{2};

// Does not wait for a reader of a named pipe, nor for room in one.
int OpenFile(const std::string& path) {
  return open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0640);
}

bool IsSameFile(int file, const std::string& path) {
  struct stat opened = {};
  struct stat named = {};
  return fstat(file, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

// What one write may have so that it does not wait: poll() promises a pipe room for PIPE_BUF.
size_t WriteLimit(int file) {
  struct stat opened = {};
  return fstat(file, &opened) == 0 && S_ISREG(opened.st_mode) ? SSIZE_MAX : PIPE_BUF;
}

}  // namespace

absl::StatusOr<std::unique_ptr<AuditFile>> AuditFile::Open(const std::string& target,
                                                           size_t max_waiting) {
  const bool is_stderr = target == "stderr";
  const int file = is_stderr ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0) : OpenFile(target);
  if (file < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot open the audit log ", target, ": ", std::strerror(errno)));
  }
  std::unique_ptr<AuditFile> log(new AuditFile(is_stderr ? "" : target, file, max_waiting));
  log->writer_ = std::thread([writer = log.get()] { writer->Write(); });
  return log;
}

AuditFile::~AuditFile() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  writer_.join();
  close(file_);
}

void AuditFile::Add(const AuditRecord& record) {
  const std::string line = AuditLine(record);
  bool begins = false;
  {
    absl::MutexLock lock(&mutex_);
    if (lost_ == 0 && waiting_.size() + line.size() < max_waiting_) {
      absl::StrAppend(&waiting_, line, "\n");
    } else {
      begins = lost_++ == 0;
    }
  }
  if (begins) {
    LogError("audit_records_lost", {{"advice",
                                     "the audit log cannot be written: is its disk "
                                     "full, or does nobody read its pipe?"}});
  }
}

bool AuditFile::IsStopping() {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

void AuditFile::Write() {
  const std::string name = path_.empty() ? "stderr" : path_;
  bool failing = false;
  std::chrono::milliseconds waited{0};  // since the log stops
  while (Take()) {
    Follow();
    if (WriteSome()) {
      if (failing) LogInfo("audit_log_written_again", {{"file", name}});
      failing = false;
      continue;
    }
    if (!failing) LogError("audit_log_not_written", {{"file", name}, {"error", strerror(errno)}});
    failing = true;
    if (IsStopping() && (waited += kRetryPause) >= kLastPatience) return;
    std::this_thread::sleep_for(kRetryPause);
  }
}

bool AuditFile::Take() {
  if (!unwritten_.empty()) return true;
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !waiting_.empty() || lost_ > 0;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&has_work));
  unwritten_ = std::exchange(waiting_, {});
  const int64_t lost = std::exchange(lost_, 0);
  if (lost > 0) absl::StrAppend(&unwritten_, R"({"event":"lost","count":)", lost, "}\n");
  return !unwritten_.empty();
}

bool AuditFile::WriteSome() {
  pollfd ready{.fd = file_, .events = POLLOUT, .revents = 0};
  if (poll(&ready, 1, static_cast<int>(kRetryPause.count())) <= 0) {
    errno = EAGAIN;
    return false;
  }
  const ssize_t written =
      write(file_, unwritten_.data(), std::min(unwritten_.size(), WriteLimit(file_)));
  if (written <= 0) return false;
  unwritten_.erase(0, static_cast<size_t>(written));
  return true;
}

void AuditFile::Follow() {
  if (path_.empty() || IsSameFile(file_, path_)) return;
  const int file = OpenFile(path_);
  if (file < 0) return;  // the old one goes on
  close(file_);
  file_ = file;
}

}  // namespace dataservice
