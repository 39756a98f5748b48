#include "serve/execution/claim_cleaner.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine_limits.h"
#include "log.h"
#include "serve/execution/abort_until.h"
#include "serve/sql/claim.h"

namespace dataservice {
namespace {

constexpr absl::Duration kShortestPause = absl::Seconds(1);
constexpr absl::Duration kLongestPause = absl::Minutes(10);
// For one statement.
constexpr std::chrono::seconds kTimeLimit{30};

}  // namespace

absl::Duration PauseOfCleaner(std::chrono::seconds retention) {
  static thread_local std::mt19937 random{std::random_device()()};
  const absl::Duration pause =
      std::clamp(absl::FromChrono(retention) / 10, kShortestPause, kLongestPause);
  return pause * std::uniform_real_distribution<>(0.5, 1.5)(random);
}

ClaimCleaner::ClaimCleaner(const ClaimSettings& settings, Parts parts)
    : settings_(settings), parts_(std::move(parts)), thread_([this] { Run(); }) {}

ClaimCleaner::~ClaimCleaner() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    AbortUntil(mutex_, done_, parts_.abort);
  }
  thread_.join();
}

bool ClaimCleaner::stopping() {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

void ClaimCleaner::Run() {
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), parts_.pause())) {
    mutex_.Unlock();
    Pass();
    mutex_.Lock();
  }
  done_ = true;
}

void ClaimCleaner::Pass() {
  const std::unique_ptr<Connection> connection = parts_.connect();
  for (const std::string& schema : parts_.schemas) {
    if (!Clean(*connection, schema)) return;
  }
}

bool ClaimCleaner::Clean(Connection& connection, const std::string& schema) {
  const std::string text = DeleteClaimsText(schema);
  const std::string age = absl::StrCat(settings_.retention.count());
  while (!stopping()) {
    const auto result = connection.Run(text, {age}, std::chrono::system_clock::now() + kTimeLimit);
    if (const auto* error = std::get_if<SqlError>(&result)) {
      if (stopping()) return false;
      LogWarning("claims_not_cleaned",
                 {{"schema", schema}, {"sqlstate", error->sqlstate}, {"error", LogText(*error)}});
      return false;
    }
    const int64_t deleted = std::get<QueryResult>(result).affected_rows();
    parts_.deleted(deleted);
    if (deleted < kClaimsPerDeletion) return true;
  }
  return false;
}

}  // namespace dataservice
