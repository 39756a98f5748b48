#include "serve/execution/executor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "contract/fixture.h"

namespace dataservice::test {
namespace {

// Of Executor::Execute. It has no effect without a database.
constexpr bool kComesAlone = false;

struct Counter : Completion {
  void Succeed(Operation&, Outcome) override { ++succeeded; }
  void Fail(Operation&, absl::Status status) override {
    ++failed;
    last = status.code();
  }
  bool cancelled() const override { return false; }

  std::atomic<int> succeeded{0};
  std::atomic<int> failed{0};
  std::atomic<absl::StatusCode> last{absl::StatusCode::kOk};
};

// Answers with success, after `gate` if there is one.
struct InstantSink : Sink {
  explicit InstantSink(absl::Notification* gate) : gate(gate) {}
  void Execute(Batch batch) override {
    if (gate != nullptr) gate->WaitForNotification();
    for (const auto& operation : batch) operation->completion->Succeed(*operation, RowOutcome());
  }
  absl::Notification* gate;
};

std::unique_ptr<Operation> Make(Executor& executor, Completion& completion) {
  const auto statement = executor.StatementOf(GetShape{TypesContract().resources()[0].get()});
  auto operation =
      std::make_unique<Operation>(ReadWork{.statement = statement}, Lane::kRead,
                                  std::chrono::system_clock::now() + std::chrono::hours(1));
  operation->completion = &completion;
  return operation;
}

TEST(Executor, AnswersEverythingBeforeItEnds) {
  Counter counter;
  {
    Executor executor({.workers = 3}, [] { return std::make_unique<InstantSink>(nullptr); });
    for (int i = 0; i < 1000; ++i) executor.Submit(Make(executor, counter));
  }
  EXPECT_EQ(counter.succeeded, 1000);
}

TEST(Executor, AnswersWhatAsksNothingAtOnce) {
  absl::Notification never;
  Counter counter;
  Executor executor({.workers = 1}, [&] { return std::make_unique<InstantSink>(&never); });
  auto operation =
      std::make_unique<Operation>(BatchReadWork(), Lane::kRead, Operation::TimePoint::max());
  operation->completion = &counter;
  executor.Submit(std::move(operation));
  EXPECT_EQ(counter.succeeded, 1);
  never.Notify();
}

TEST(Executor, RefusesWhatIsTooMuch) {
  absl::Notification gate;
  Counter counter;
  Executor executor({.workers = 1, .queue = {.capacity = 2, .batch_limit = 1}},
                    [&] { return std::make_unique<InstantSink>(&gate); });
  for (int i = 0; i < 20; ++i) executor.Submit(Make(executor, counter));
  EXPECT_GE(counter.failed, 17);  // one under way, two waiting
  EXPECT_EQ(counter.last, absl::StatusCode::kResourceExhausted);
  gate.Notify();
  executor.Drain(Operation::TimePoint::max());
  EXPECT_EQ(counter.succeeded + counter.failed, 20);
}

TEST(Executor, RefusesWhileItStops) {
  Counter counter;
  Executor executor({}, [] { return std::make_unique<InstantSink>(nullptr); });
  executor.Drain(Operation::TimePoint::max());
  executor.Submit(Make(executor, counter));
  EXPECT_EQ(counter.last, absl::StatusCode::kUnavailable);
}

TEST(Executor, AbortsWhatOverrunsADrain) {
  absl::Notification gate;
  Counter counter;
  Executor executor(
      {.workers = 1}, [&] { return std::make_unique<InstantSink>(&gate); },
      [&] {
        if (!gate.HasBeenNotified()) gate.Notify();
      });
  executor.Submit(Make(executor, counter));
  executor.Drain(std::chrono::system_clock::now());
  EXPECT_EQ(counter.succeeded, 1);
}

// Records the threads that execute; an operation whose key is "locked" waits for `gate`.
struct ThreadSink : Sink {
  struct Shared {
    absl::Notification gate;
    absl::Notification locked;
    std::atomic<std::thread::id> last;
  };
  explicit ThreadSink(Shared& shared) : shared(shared) {}
  void Execute(Batch batch) override {
    for (const auto& operation : batch) {
      if (std::get<ReadWork>(operation->work).key == "locked") {
        shared.locked.Notify();
        shared.gate.WaitForNotification();
      }
      shared.last = std::this_thread::get_id();
      operation->completion->Succeed(*operation, RowOutcome());
    }
  }
  Shared& shared;
};

class LoneOperationTest : public testing::Test {
 protected:
  void AwaitAnswers(int count) {
    while (counter_.succeeded < count) std::this_thread::yield();
  }
  // Executes an operation after the others are answered; returns whether this thread did it.
  bool ExecutesHere() {
    executor_->Execute(Make(*executor_, counter_), kComesAlone);
    AwaitAnswers(++answers_);
    return shared_.last.load() == std::this_thread::get_id();
  }
  // The workers may not be idle yet.
  void AwaitIdle() {
    while (!ExecutesHere()) std::this_thread::yield();
  }
  // Executes, on a thread of its own, an operation that is held up.
  std::thread HoldUp() {
    std::thread holder([this] {
      auto operation = Make(*executor_, held_);
      std::get<ReadWork>(operation->work).key = "locked";
      executor_->Execute(std::move(operation), kComesAlone);
    });
    shared_.locked.WaitForNotification();
    return holder;
  }

  ThreadSink::Shared shared_;
  Counter counter_;
  Counter held_;
  int answers_ = 0;
  std::unique_ptr<Executor> executor_ = std::make_unique<Executor>(
      ExecutionSettings{.workers = 2, .eager_workers = 2},
      [this] { return std::make_unique<ThreadSink>(shared_); },
      [this] {
        if (!shared_.gate.HasBeenNotified()) shared_.gate.Notify();
      });
};

TEST_F(LoneOperationTest, IsExecutedByTheCallingThread) { AwaitIdle(); }

TEST_F(LoneOperationTest, ThatIsHeldUpLeavesOthersToTheWorkers) {
  AwaitIdle();
  std::thread holder = HoldUp();
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(ExecutesHere());
  EXPECT_EQ(held_.succeeded, 0);
  shared_.gate.Notify();
  holder.join();
  EXPECT_EQ(held_.succeeded, 1);
  AwaitIdle();
}

TEST_F(LoneOperationTest, IsAwaitedAndAbortedByADrain) {
  AwaitIdle();
  std::thread holder = HoldUp();
  executor_->Drain(std::chrono::system_clock::now());
  EXPECT_TRUE(shared_.gate.HasBeenNotified());
  EXPECT_EQ(held_.succeeded, 1);
  holder.join();
  executor_->Execute(Make(*executor_, counter_), kComesAlone);
  EXPECT_EQ(counter_.last, absl::StatusCode::kUnavailable);
}

// Answers at once, and settles when the test lets it.
struct SettlingSink : Sink {
  explicit SettlingSink(std::atomic<bool>& settled) : settled(settled) {}
  void Execute(Batch batch) override {
    for (const auto& operation : batch) operation->completion->Succeed(*operation, RowOutcome());
  }
  bool Settle(std::chrono::milliseconds limit) override {
    if (!settled) std::this_thread::sleep_for(std::min(limit, std::chrono::milliseconds(1)));
    return settled;
  }
  std::atomic<bool>& settled;
};

class SettlingTest : public testing::Test {
 protected:
  void AwaitAnswers(int count) {
    while (counter_.succeeded < count) std::this_thread::yield();
  }
  void ExpectNoAnswerBeyond(int count) {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    EXPECT_EQ(counter_.succeeded, count);
  }

  Counter counter_;
  std::atomic<bool> settled_{true};
  Executor executor_{{.workers = 1}, [this] { return std::make_unique<SettlingSink>(settled_); }};
};

TEST_F(SettlingTest, AWorkerTakesNothingBeforeItsSinkHasSettled) {
  settled_ = false;
  executor_.Submit(Make(executor_, counter_));
  AwaitAnswers(1);
  executor_.Submit(Make(executor_, counter_));
  ExpectNoAnswerBeyond(1);
  settled_ = true;
  AwaitAnswers(2);
}

TEST_F(SettlingTest, TheOnlyPlaceIsGivenBackWhenTheSinkOfALoneOperationHasSettled) {
  executor_.Submit(Make(executor_, counter_));
  AwaitAnswers(1);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // the worker is idle, most likely
  settled_ = false;
  executor_.Execute(Make(executor_, counter_), kComesAlone);
  AwaitAnswers(2);
  executor_.Execute(Make(executor_, counter_), kComesAlone);
  ExpectNoAnswerBeyond(2);
  settled_ = true;
  AwaitAnswers(3);
}

TEST_F(SettlingTest, ADrainDoesNotWaitForIt) {
  settled_ = false;
  executor_.Submit(Make(executor_, counter_));
  AwaitAnswers(1);
  executor_.Drain(Operation::TimePoint::max());
}

TEST(StatementCache, KeepsTheRecentOnes) {
  StatementCache cache(2);
  const auto shape = [](int column) {
    return Shape(
        UpdateShape{.resource = TypesContract().resources()[0].get(), .columns = {column}});
  };
  const auto first = cache.Get(shape(1));
  EXPECT_EQ(cache.Get(shape(1)), first);
  cache.Get(shape(2));
  EXPECT_EQ(cache.Get(shape(1)), first);
  cache.Get(shape(0));  // drops 2, the least recently used
  EXPECT_EQ(cache.Get(shape(1)), first);
  EXPECT_EQ(first->shape, shape(1));
}

}  // namespace
}  // namespace dataservice::test
