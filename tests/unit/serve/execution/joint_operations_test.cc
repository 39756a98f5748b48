#include "serve/execution/joint_operations.h"

#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <vector>

#include "contract/fixture.h"
#include "serve/execution/executor.h"

namespace dataservice::test {
namespace {

using testing::ElementsAre;

struct Answers : Completion {
  void Succeed(Operation&, Outcome) override { ++succeeded; }
  void Fail(Operation&, absl::Status status) override { failed.push_back(status.code()); }
  bool cancelled() const override { return false; }

  std::atomic<int> succeeded{0};
  std::vector<absl::StatusCode> failed;
};

// Records the sizes of batches.
struct SizesSink : Sink {
  explicit SizesSink(std::vector<size_t>& all) : sizes(all) {}
  void Execute(Batch batch) override {
    sizes.push_back(batch.size());
    for (const auto& operation : batch) operation->completion->Succeed(*operation, RowOutcome());
  }
  std::vector<size_t>& sizes;
};

class JointOperationsTest : public testing::Test {
 protected:
  // An executor that adds the sizes of its batches to `sizes`.
  static std::unique_ptr<Executor> Start(std::vector<size_t>& sizes, QueueSettings queue = {}) {
    return std::make_unique<Executor>(ExecutionSettings{.workers = 1, .queue = queue},
                                      [&sizes] { return std::make_unique<SizesSink>(sizes); });
  }
  void Submit(Executor& executor) {
    const auto statement = executor.StatementOf(GetShape{TypesContract().resources()[0].get()});
    auto operation =
        std::make_unique<Operation>(ReadWork{.statement = statement}, Lane::kRead,
                                    std::chrono::system_clock::now() + std::chrono::hours(1));
    operation->completion = &answers_;
    executor.Submit(std::move(operation));
  }

  Answers answers_;
  std::vector<size_t> sizes_;
};

TEST_F(JointOperationsTest, AreOneBatch) {
  const auto executor = Start(sizes_);
  {
    const JointOperations together;
    for (int i = 0; i < 10; ++i) Submit(*executor);
    EXPECT_EQ(executor->queue_state().lanes[static_cast<size_t>(Lane::kRead)].waiting, 0u);
  }
  executor->Drain(Operation::TimePoint::max());
  EXPECT_THAT(sizes_, ElementsAre(10));
}

TEST_F(JointOperationsTest, EachHasItsExecutor) {
  std::vector<size_t> other_sizes;
  const auto first = Start(sizes_);
  const auto second = Start(other_sizes);
  {
    const JointOperations together;
    for (int i = 0; i < 6; ++i) Submit(i % 2 == 0 ? *first : *second);
  }
  first->Drain(Operation::TimePoint::max());
  second->Drain(Operation::TimePoint::max());
  EXPECT_THAT(sizes_, ElementsAre(3));
  EXPECT_THAT(other_sizes, ElementsAre(3));
}

TEST_F(JointOperationsTest, OfAFullQueueAreRefused) {
  const auto executor = Start(sizes_, {.capacity = 4});
  {
    const JointOperations together;
    for (int i = 0; i < 10; ++i) Submit(*executor);
  }
  executor->Drain(Operation::TimePoint::max());
  EXPECT_EQ(answers_.succeeded + answers_.failed.size(), 10u);
  EXPECT_THAT(answers_.failed, testing::Each(absl::StatusCode::kResourceExhausted));
  EXPECT_GE(answers_.failed.size(), 6u);
}

TEST_F(JointOperationsTest, OfAnExecutorThatStopsAreRefused) {
  const auto executor = Start(sizes_);
  {
    const JointOperations together;
    Submit(*executor);
    executor->Drain(Operation::TimePoint::max());
  }
  EXPECT_THAT(answers_.failed, ElementsAre(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace dataservice::test
