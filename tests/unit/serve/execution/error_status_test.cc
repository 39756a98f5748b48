#include "serve/execution/error_status.h"

#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "google/rpc/error_details.pb.h"
#include "serve/errors/details.h"

namespace dataservice::test {
namespace {

const Operation::TimePoint kLater = std::chrono::system_clock::now() + std::chrono::hours(1);
const Operation::TimePoint kPassed;

// The code and the reason of a status: "14 DATABASE_UNAVAILABLE".
std::string Summary(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  FindDetail(status, info);
  return std::to_string(static_cast<int>(status.code())) + " " + info.reason();
}

std::string Of(SqlErrorKind kind, Retryable retryable, Operation::TimePoint deadline) {
  return Summary(StatusOfError({.resource = TypesContract().resources()[0].get(),
                                .retryable = retryable,
                                .deadline = deadline},
                               {.kind = kind}));
}

// One decision for all that lose their connection: batches, batch methods and custom methods.
TEST(ErrorStatus, OfALostConnection) {
  const auto lost = SqlErrorKind::kLost;
  EXPECT_EQ(Of(lost, Retryable::kYes, kLater), "14 DATABASE_UNAVAILABLE");
  EXPECT_EQ(Of(lost, Retryable::kNo, kLater), "14 OUTCOME_UNKNOWN");
  EXPECT_EQ(Of(lost, Retryable::kYes, kPassed), "4 ");
  EXPECT_EQ(Of(lost, Retryable::kNo, kPassed), "4 OUTCOME_UNKNOWN");
}

TEST(ErrorStatus, OfADatabaseThatIsNotAvailable) {
  for (const auto retryable : {Retryable::kNo, Retryable::kYes}) {
    EXPECT_EQ(Of(SqlErrorKind::kUnavailable, retryable, kLater), "14 DATABASE_UNAVAILABLE");
    EXPECT_EQ(Of(SqlErrorKind::kUnavailable, retryable, kPassed), "4 ");
    EXPECT_EQ(Of(SqlErrorKind::kRolledBack, retryable, kLater), "14 DATABASE_UNAVAILABLE");
  }
}

// A statement of a custom method is about no resource of the contract.
TEST(ErrorStatus, WithoutAResource) {
  const ErrorSubject custom{.deadline = kLater};
  const auto summary = [&](const SqlError& error) { return Summary(StatusOfError(custom, error)); };
  EXPECT_EQ(summary({.kind = SqlErrorKind::kReference}), "9 REFERENCE_MISSING");
  EXPECT_EQ(summary({.kind = SqlErrorKind::kUnique}), "9 UNIQUE_BROKEN");
  EXPECT_EQ(summary({.kind = SqlErrorKind::kValue, .columns = {"a"}}), "3 ");
  EXPECT_EQ(summary({.kind = SqlErrorKind::kRaised, .sqlstate = "P0001"}), "9 DATABASE_RULE");
  EXPECT_EQ(summary({.kind = SqlErrorKind::kLocked}), "14 ROW_LOCKED");
  EXPECT_EQ(summary({.kind = SqlErrorKind::kTimedOut}), "4 STATEMENT_TIMEOUT");
  EXPECT_EQ(summary({.kind = SqlErrorKind::kOther}), "13 ");
}

}  // namespace
}  // namespace dataservice::test
