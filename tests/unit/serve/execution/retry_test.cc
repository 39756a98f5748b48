#include "serve/execution/retry.h"

#include <gtest/gtest.h>

#include "postgres/query_result.h"

namespace dataservice::test {
namespace {

using Result = std::variant<int, SqlError>;

class RetryTest : public testing::Test {
 protected:
  // How often a statement runs that always fails with `kind`.
  int Runs(SqlErrorKind kind) {
    int runs = 0;
    RunWithRetry(limit_, [&]() -> Result {
      ++runs;
      return SqlError{.kind = kind};
    });
    return runs;
  }

  bool caller_is_gone_ = false;
  RetryLimit limit_{.retryable = Retryable::kYes,
                    .statement = {std::chrono::system_clock::now() + std::chrono::hours(1),
                                  [this] { return caller_is_gone_; }}};
};

TEST_F(RetryTest, WhatWasRolledBackRunsAgain) {
  limit_.retryable = Retryable::kNo;
  EXPECT_EQ(Runs(SqlErrorKind::kRolledBack), kMaxRuns);
}

TEST_F(RetryTest, OnlyWhatIsRetryableRunsAgainAfterALostConnection) {
  EXPECT_EQ(Runs(SqlErrorKind::kLost), kMaxRuns);
  limit_ = {.retryable = Retryable::kNo, .statement = limit_.statement};
  EXPECT_EQ(Runs(SqlErrorKind::kLost), 1);
}

TEST_F(RetryTest, OtherErrorsAreFinal) {
  for (const auto kind :
       {SqlErrorKind::kUnique, SqlErrorKind::kUnavailable, SqlErrorKind::kTimedOut,
        SqlErrorKind::kCancelled, SqlErrorKind::kOther}) {
    EXPECT_EQ(Runs(kind), 1);
  }
}

TEST_F(RetryTest, NothingRunsAgainAfterTheDeadlineOrForACallerThatIsGone) {
  caller_is_gone_ = true;
  EXPECT_EQ(Runs(SqlErrorKind::kRolledBack), 1);
  caller_is_gone_ = false;
  limit_.statement.deadline = std::chrono::system_clock::now();
  EXPECT_EQ(Runs(SqlErrorKind::kRolledBack), 1);
}

TEST_F(RetryTest, TheLastResultIsReturned) {
  int runs = 0;
  const Result result = RunWithRetry(limit_, [&]() -> Result {
    if (++runs < 3) return SqlError{.kind = SqlErrorKind::kRolledBack};
    return 7;
  });
  EXPECT_EQ(std::get<int>(result), 7);
  EXPECT_EQ(limit_.runs.left, kMaxRuns - 2);
  EXPECT_FALSE(limit_.runs.in_doubt);
}

TEST_F(RetryTest, ALostRunIsRemembered) {
  int runs = 0;
  const Result result = RunWithRetry(limit_, [&]() -> Result {
    return SqlError{.kind = ++runs == 1 ? SqlErrorKind::kLost : SqlErrorKind::kUnavailable};
  });
  EXPECT_EQ(std::get<SqlError>(result).kind, SqlErrorKind::kUnavailable);
  EXPECT_EQ(runs, 2);
  EXPECT_TRUE(limit_.runs.in_doubt);
}

}  // namespace
}  // namespace dataservice::test
