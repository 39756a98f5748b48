#include "serve/reader/reader_watch.h"

#include <utility>

#include "absl/time/time.h"
#include "log.h"
#include "serve/execution/abort_until.h"

namespace dataservice {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(100);
// A database that does not answer within it is away.
constexpr std::chrono::seconds kAnswerTime{1};

StatementLimit Limit() { return std::chrono::system_clock::now() + kAnswerTime; }

}  // namespace

ReaderWatch::ReaderWatch(Parts parts) : parts_(std::move(parts)), thread_([this] { Run(); }) {}

void ReaderWatch::Stop() {
  if (!thread_.joinable()) return;
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    AbortUntil(mutex_, done_, parts_.abort);
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
  if (IsStopping()) return;
  const bool writer_answers = writer.ok();
  if (writer_answers) parts_.history.Add(asked, *std::move(writer));
  const auto reader = ask_reader_.Ask(*parts_.reader, Limit());
  if (!reader.ok()) return Exclude(std::string(reader.status().message()));
  if (!parts_.history.IsFollowedBy(*reader)) {
    ask_reader_.Leave(*parts_.reader);
    return Exclude("it does not have the timeline of the writer");
  }
  const auto covered = parts_.history.CoveredBy(*reader);
  if (covered && *covered >= std::chrono::steady_clock::now() - parts_.max_lag) {
    SetCovered(*covered, "");
  } else if (!writer_answers) {
    // The reads that are under way may still succeed, and the writer could not execute them.
    SetCovered(kUnknown, "the writer does not answer, so that the lag is not known");
  } else {
    Exclude("it is further behind than --max_reader_lag");
  }
}

void ReaderWatch::Exclude(const std::string& problem) {
  SetCovered(kUnknown, problem);
  parts_.abandon();
}

void ReaderWatch::SetCovered(SteadyTime time, const std::string& problem) {
  covered_.store(time);
  const bool used = problem.empty();
  if (std::exchange(is_used_, used) == used && !std::exchange(is_first_, false)) return;
  is_first_ = false;
  if (used) {
    LogInfo("reader_used");
  } else {
    LogWarning("reader_not_used", {{"error", problem}});
  }
}

bool ReaderWatch::IsStopping() {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

}  // namespace dataservice
