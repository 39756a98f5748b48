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

std::string Of(SqlErrorKind kind, bool harmless, Operation::TimePoint deadline) {
  return Summary(StatusOfError({.resource = TypesContract().resources()[0].get(),
                                .harmless = harmless,
                                .deadline = deadline},
                               {.kind = kind}));
}

// Of a write after a run that was lost.
std::string AfterLost(SqlErrorKind kind, Operation::TimePoint deadline) {
  return Summary(StatusOfError(
      {.resource = TypesContract().resources()[0].get(), .in_doubt = true, .deadline = deadline},
      {.kind = kind}));
}

class NoCompletion final : public Completion {
 public:
  void Succeed(Operation&, Outcome) override {}
  void Fail(Operation&, absl::Status) override {}
  bool cancelled() const override { return is_cancelled; }

  bool is_cancelled = false;
};

// Of an operation of the resource.
class ErrorOfOperation : public testing::Test {
 protected:
  template <typename SomeWork>
  std::string Of(SqlErrorKind kind, bool in_doubt, Operation::TimePoint deadline = kLater) {
    SomeWork work;
    work.statement = statement_;
    if constexpr (requires { work.claim; }) work.claim = Claim{.request_id = "r"};
    Operation operation(std::move(work), Lane::kAlone, deadline);
    operation.completion = &completion_;
    return Summary(StatusOfError(operation, {.kind = kind}, in_doubt));
  }

  const std::shared_ptr<const Statement> statement_ = [] {
    auto statement = std::make_shared<Statement>();
    statement->shape = DeleteShape{.resource = TypesContract().resources()[0].get()};
    return statement;
  }();
  NoCompletion completion_;
};

// One decision for all that lose their connection: batches, batch methods and custom methods.
TEST(ErrorStatus, OfALostConnection) {
  const auto lost = SqlErrorKind::kLost;
  EXPECT_EQ(Of(lost, true, kLater), "14 DATABASE_UNAVAILABLE");
  EXPECT_EQ(Of(lost, false, kLater), "14 OUTCOME_UNKNOWN");
  EXPECT_EQ(Of(lost, true, kPassed), "4 ");
  EXPECT_EQ(Of(lost, false, kPassed), "4 OUTCOME_UNKNOWN");
}

// The run that was lost may be committed, or may still wait for its commit.
TEST(ErrorStatus, AfterALostRunOnlyAnErrorOfTheRowTellsTheOutcome) {
  for (const auto kind : {SqlErrorKind::kLost, SqlErrorKind::kUnavailable, SqlErrorKind::kCancelled,
                          SqlErrorKind::kRolledBack, SqlErrorKind::kLocked, SqlErrorKind::kTimedOut,
                          SqlErrorKind::kOther}) {
    EXPECT_EQ(AfterLost(kind, kLater), "14 OUTCOME_UNKNOWN");
    EXPECT_EQ(AfterLost(kind, kPassed), "4 OUTCOME_UNKNOWN");
  }
  EXPECT_EQ(AfterLost(SqlErrorKind::kUnique, kLater), "9 UNIQUE_BROKEN");
  EXPECT_EQ(AfterLost(SqlErrorKind::kValue, kLater), "3 ");
}

TEST_F(ErrorOfOperation, AWriteWithARequestIdThatWasLost) {
  EXPECT_EQ(Of<WriteWork>(SqlErrorKind::kLost, true), "14 OUTCOME_UNKNOWN");
  EXPECT_EQ(Of<WriteWork>(SqlErrorKind::kLost, true, kPassed), "4 OUTCOME_UNKNOWN");
  EXPECT_EQ(Of<WriteWork>(SqlErrorKind::kUnavailable, true), "14 OUTCOME_UNKNOWN");
  EXPECT_EQ(Of<WriteWork>(SqlErrorKind::kCancelled, true, kPassed), "4 OUTCOME_UNKNOWN");
  completion_.is_cancelled = true;
  EXPECT_EQ(Of<WriteWork>(SqlErrorKind::kCancelled, true), "14 OUTCOME_UNKNOWN");
}

TEST_F(ErrorOfOperation, AWriteOfWhichNoRunWasLostWasNotDone) {
  EXPECT_EQ(Of<WriteWork>(SqlErrorKind::kUnavailable, false), "14 DATABASE_UNAVAILABLE");
  EXPECT_EQ(Of<WriteWork>(SqlErrorKind::kCancelled, false, kPassed), "4 ");
  completion_.is_cancelled = true;
  EXPECT_EQ(Of<WriteWork>(SqlErrorKind::kCancelled, false), "1 ");
}

TEST_F(ErrorOfOperation, AReadIsNeverInDoubt) {
  EXPECT_EQ(Of<ReadWork>(SqlErrorKind::kLost, true), "14 DATABASE_UNAVAILABLE");
  EXPECT_EQ(Of<ReadWork>(SqlErrorKind::kUnavailable, true), "14 DATABASE_UNAVAILABLE");
  EXPECT_EQ(Of<ReadWork>(SqlErrorKind::kTimedOut, true), "4 STATEMENT_TIMEOUT");
  EXPECT_EQ(Of<ReadWork>(SqlErrorKind::kCancelled, true, kPassed), "4 ");
}

TEST(ErrorStatus, OfADatabaseThatIsNotAvailable) {
  for (const bool harmless : {false, true}) {
    EXPECT_EQ(Of(SqlErrorKind::kUnavailable, harmless, kLater), "14 DATABASE_UNAVAILABLE");
    EXPECT_EQ(Of(SqlErrorKind::kUnavailable, harmless, kPassed), "4 ");
    EXPECT_EQ(Of(SqlErrorKind::kRolledBack, harmless, kLater), "14 DATABASE_UNAVAILABLE");
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
