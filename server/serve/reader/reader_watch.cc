#include "serve/reader/reader_watch.h"

#include <utility>

#include "absl/time/time.h"
#include "log.h"

namespace dataservice {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(100);
// A database that does not answer within it is away.
constexpr std::chrono::seconds kAnswerTime{1};
// Between two aborts: one may come just before a statement begins.
constexpr absl::Duration kAbortTick = absl::Milliseconds(20);

StatementLimit Limit() { return std::chrono::system_clock::now() + kAnswerTime; }

}  // namespace

ReaderWatch::ReaderWatch(Parts parts) : parts_(std::move(parts)), thread_([this] { Run(); }) {}

void ReaderWatch::Stop() {
  if (!thread_.joinable()) return;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    while (!mutex_.AwaitWithTimeout(absl::Condition(&done_), kAbortTick)) {
      mutex_.Unlock();
      parts_.abort();
      mutex_.Lock();
    }
  }
  thread_.join();
}

void ReaderWatch::Run() {
  absl::MutexLock lock(&mutex_);
  while (!stopping_) {
    mutex_.Unlock();
    Look();
    mutex_.Lock();
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kInterval);
  }
  done_ = true;
}

void ReaderWatch::Look() {
  const SteadyTime asked = std::chrono::steady_clock::now();
  auto writer = ask_writer_.Ask(*parts_.writer, Limit());
  if (writer.ok()) parts_.history.Add(asked, *std::move(writer));
  const auto reader = ask_reader_.Ask(*parts_.reader, Limit());
  if (!reader.ok()) {
    SetCovered(SteadyTime(), std::string(reader.status().message()));
    parts_.abandon();
    return;
  }
  const auto covered = parts_.history.CoveredBy(*reader);
  if (covered && *covered >= std::chrono::steady_clock::now() - parts_.max_lag) {
    SetCovered(*covered, "");
  } else if (!writer.ok()) {
    SetCovered(SteadyTime(), "the writer does not answer, so that the lag is not known");
  } else {
    SetCovered(SteadyTime(), "it is further behind than --max_reader_lag");
  }
}

void ReaderWatch::SetCovered(SteadyTime time, const std::string& problem) {
  covered_.store(time.time_since_epoch().count());
  const bool used = problem.empty();
  if (std::exchange(is_used_, used) == used && !std::exchange(is_first_, false)) return;
  is_first_ = false;
  if (used) {
    LogInfo("reader_used");
  } else {
    LogWarning("reader_not_used", {{"error", problem}});
  }
}

}  // namespace dataservice
