#include "serve/execution/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>

#include "contract/fixture.h"
#include "owned/v1/owned.pb.h"

namespace dataservice::test {
namespace {

using testing::ElementsAre;

struct Recorder : Completion {
  void Succeed(Operation&, Outcome) override { ++succeeded; }
  void Fail(Operation&, absl::Status status) override { failures.push_back(status.code()); }
  bool cancelled() const override { return gone; }

  int succeeded = 0;
  bool gone = false;
  std::vector<absl::StatusCode> failures;
};

// A batch of reads of as many rows.
BatchReadWork Reads(const std::shared_ptr<const Statement>& statement, size_t count) {
  BatchReadWork work;
  work.reads.assign(count, ReadWork{.statement = statement});
  return work;
}

const std::string& KeyOf(const Operation& operation) {
  static const std::string none;
  if (const auto* write = std::get_if<WriteWork>(&operation.work)) return write->key;
  const auto* read = std::get_if<ReadWork>(&operation.work);
  return read == nullptr ? none : read->key;
}

class QueueTest : public testing::Test {
 protected:
  std::unique_ptr<Operation> Make(Work work, Lane lane) {
    auto operation =
        std::make_unique<Operation>(std::move(work), lane, now_ + std::chrono::seconds(30));
    operation->completion = &recorder_;
    return operation;
  }
  std::unique_ptr<Operation> Read(const std::string& key = "", size_t bytes = 0) {
    ReadWork work{.statement = get_, .key = key};
    work.values.Add(std::string(bytes, 'x'));
    return Make(std::move(work), Lane::kRead);
  }
  std::unique_ptr<Operation> Write(const std::string& key = "", Lane lane = Lane::kWrite) {
    return Make(WriteWork{.statement = update_, .key = key}, lane);
  }
  std::unique_ptr<Operation> List() { return Make(PageWork{.statement = list_}, Lane::kAlone); }
  std::unique_ptr<Operation> WriteBatch(size_t bytes = 0) {
    BatchWriteWork work{.lock = lock_};
    work.writes.push_back({.statement = update_});
    work.writes.back().values.Add(std::string(bytes, 'x'));
    return Make(std::move(work), Lane::kAlone);
  }

  static std::vector<std::string> KeysOf(const Assignment& assignment) {
    std::vector<std::string> keys;
    for (const auto& operation : assignment.batch) keys.push_back(KeyOf(*operation));
    return keys;
  }
  // Takes a batch and finishes it.
  std::vector<std::string> TakeKeys() {
    const Assignment assignment = queue_.Take();
    queue_.Finish(assignment, false);
    return KeysOf(assignment);
  }
  size_t TakeSize() { return TakeKeys().size(); }
  // Whether a worker would have to wait.
  static bool HasNothing(OperationQueue& queue) {
    queue.Close();
    return queue.Take().batch.empty();
  }

  Operation::TimePoint now_{std::chrono::seconds(1000)};
  OperationQueue queue_{
      {.capacity = 5, .batch_limit = 3, .bulk_limit = 4}, {}, [this] { return now_; }};
  Recorder recorder_;
  const std::shared_ptr<const Statement> get_ = std::make_shared<Statement>();
  const std::shared_ptr<const Statement> update_ = std::make_shared<Statement>(
      Statement{.shape = UpdateShape{.resource = ShippedContract().resources().front().get()}});
  const std::shared_ptr<const Statement> lock_ = std::make_shared<Statement>();
  const std::shared_ptr<const Statement> list_ = std::make_shared<Statement>();
};

TEST_F(QueueTest, TakesWhatWaitsOfOneShapeInOrder) {
  queue_.Add(Read("a"));
  queue_.Add(Write("x"));
  queue_.Add(Read("b"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "b"));
  EXPECT_THAT(TakeKeys(), ElementsAre("x"));
}

TEST_F(QueueTest, ABatchHasALimitAndShapesTakeTurns) {
  for (const char* key : {"1", "2", "3", "4"}) queue_.Add(Read(key));
  queue_.Add(Write("x"));
  EXPECT_THAT(TakeKeys(), ElementsAre("1", "2", "3"));
  EXPECT_THAT(TakeKeys(), ElementsAre("x"));
  EXPECT_THAT(TakeKeys(), ElementsAre("4"));
}

// No eager worker is there to come back: it takes what is left over.
TEST_F(QueueTest, AWorkerThatIsNotEagerTakesWhatIsLeftOver) {
  queue_.Add(Read("a"));
  EXPECT_EQ(queue_.Take(false).batch.size(), 1U);
}

TEST_F(QueueTest, AWorkerThatIsNotEagerTakesNothingWhileAnotherIsFree) {
  // What goes alone too, for which the worker has no patience.
  for (const bool alone : {false, true}) {
    OperationQueue queue({}, {}, [this] { return now_; });
    Assignment eager;
    Assignment other;
    std::thread waits([&] {
      other = queue.Take(false);
      queue.Close();  // nobody waits for what it took
    });
    std::thread free([&] { eager = queue.Take(); });
    // Before it waits nobody is free, and either may take.
    while (queue.idle() == 0) std::this_thread::yield();
    queue.Add(alone ? List() : Read("a"));
    free.join();
    EXPECT_EQ(eager.batch.size(), 1U);
    queue.Close();
    waits.join();
    EXPECT_TRUE(other.batch.empty());
  }
}

class LendingTest : public QueueTest {
 protected:
  // A worker waits for work, and `batch_` is what it gets.
  LendingTest() {
    worker_ = std::thread([this] {
      batch_ = queue_.Take().batch;
      ended_ = true;
    });
    while (queue_.idle() == 0) std::this_thread::yield();
  }
  ~LendingTest() override {
    queue_.Close();
    if (worker_.joinable()) worker_.join();
  }
  std::optional<Assignment> Borrow(std::unique_ptr<Operation> operation) {
    return queue_.Borrow(operation);
  }

  Batch batch_;
  std::atomic<bool> ended_{false};
  std::thread worker_;
};

TEST_F(QueueTest, WithoutAnIdleWorkerNoPlaceIsLent) {
  auto operation = Read("a");
  EXPECT_FALSE(queue_.Borrow(operation));
  EXPECT_NE(operation, nullptr);
}

TEST_F(LendingTest, OnlyOnePlaceIsLent) {
  const auto lone = Borrow(Read("a"));
  ASSERT_TRUE(lone);
  EXPECT_EQ(lone->batch.size(), 1U);
  EXPECT_FALSE(Borrow(Read("b")));
  queue_.Add(Read("c"));
  EXPECT_EQ(queue_.idle(), 1);  // it may not take
  queue_.GiveBack(*lone, false);
  worker_.join();
  EXPECT_EQ(batch_.size(), 1U);
}

TEST_F(LendingTest, AWorkerThatIsNotEagerTakesWhileTheOnlyPlaceIsLent) {
  const auto lone = Borrow(Read("a"));
  ASSERT_TRUE(lone);
  queue_.Add(Read("b"));
  EXPECT_EQ(queue_.Take(false).batch.size(), 1U);
  queue_.GiveBack(*lone, false);
}

TEST_F(LendingTest, TheWorkerWhosePlaceIsLentOutlastsTheClosing) {
  const auto lone = Borrow(Read("a"));
  ASSERT_TRUE(lone);
  queue_.Close();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(ended_);
  queue_.GiveBack(*lone, false);
  worker_.join();
  EXPECT_FALSE(Borrow(Read("b")));
}

TEST_F(LendingTest, ALoneWriteOccupiesItsRow) {
  const auto lone = Borrow(Write("a"));
  ASSERT_TRUE(lone);
  queue_.Add(Write("a"));
  EXPECT_EQ(queue_.idle(), 1);
  queue_.GiveBack(*lone, false);
  worker_.join();
  EXPECT_EQ(batch_.size(), 1U);
}

TEST_F(QueueTest, WritesOfABatchAreSorted) {
  for (const char* key : {"c", "a", "b"}) queue_.Add(Write(key));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "b", "c"));
}

TEST_F(QueueTest, AnImportHasALimitOfItsOwn) {
  for (const char* key : {"1", "2", "3", "4", "5"}) {
    queue_.Add(Write(key, Lane::kBulk));
  }
  EXPECT_THAT(TakeKeys(), ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(TakeKeys(), ElementsAre("5"));
}

TEST_F(QueueTest, WritesOfOneKeyNeverShareABatch) {
  for (const char* key : {"a", "b", "a", "a"}) queue_.Add(Write(key));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "b"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a"));
}

TEST_F(QueueTest, WritesOfOneKeyOfSeveralOwnersShareABatchIfTheirRowsArePrivate) {
  const auto take_two = [&](const google::protobuf::Descriptor* message) {
    const Resource& resource = *OwnedContract().FindResource(message);
    const auto statement =
        std::make_shared<const Statement>(BuildStatement(UpsertShape{.resource = &resource}));
    for (const char* owner : {"alice", "bob"}) {
      queue_.Add(Make(WriteWork{.statement = statement, .key = "a", .owner = owner}, Lane::kWrite));
    }
    return TakeSize();
  };
  EXPECT_EQ(take_two(owned::v1::Folder::descriptor()), 2U);
  EXPECT_EQ(take_two(owned::v1::Page::descriptor()), 1U);
}

TEST_F(QueueTest, WritesOfOneRequestIdNeverShareABatch) {
  const auto add = [&](const char* key, const char* id) {
    auto operation = Write(key);
    std::get<WriteWork>(operation->work).claim =
        Claim{.request_id = id, .stored_id = id, .digest = "digest"};
    queue_.Add(std::move(operation));
  };
  add("a", "1");
  add("b", "1");
  add("c", "3");
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "c"));
  EXPECT_THAT(TakeKeys(), ElementsAre("b"));
}

TEST_F(QueueTest, ReadsOfOneKeyDo) {
  queue_.Add(Read("a"));
  queue_.Add(Read("a"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "a"));
}

// The limit is 3, and 25 rows of a page count as one.
TEST_F(QueueTest, LargePagesAreMoreOfABatch) {
  for (const int page_size : {25, 1, 26, 50, 1000}) {
    queue_.Add(Make(PageWork{.statement = list_, .page_size = page_size}, Lane::kRead));
  }
  EXPECT_EQ(TakeSize(), 2U);
  EXPECT_EQ(TakeSize(), 1U);
  EXPECT_EQ(TakeSize(), 1U);
  EXPECT_EQ(TakeSize(), 1U);
}

TEST_F(QueueTest, StatementsOfOneOperationGoAlone) {
  queue_.Add(List());
  queue_.Add(List());
  EXPECT_EQ(TakeSize(), 1U);
  EXPECT_EQ(TakeSize(), 1U);
}

TEST_F(QueueTest, ReadsOfABatchMethodCountAsRows) {
  queue_.Add(Read("a"));
  queue_.Add(Make(Reads(get_, 2), Lane::kRead));
  queue_.Add(Make(Reads(get_, 100), Lane::kRead));
  queue_.Add(Read("b"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", ""));
  EXPECT_THAT(TakeKeys(), ElementsAre(""));
  EXPECT_THAT(TakeKeys(), ElementsAre("b"));
}

TEST_F(QueueTest, WritesOfABatchMethodGoAlone) {
  queue_.Add(WriteBatch());
  queue_.Add(WriteBatch());
  queue_.Add(Write("x"));
  EXPECT_THAT(TakeKeys(), ElementsAre(""));
  EXPECT_THAT(TakeKeys(), ElementsAre("x"));
  EXPECT_THAT(TakeKeys(), ElementsAre(""));
}

TEST_F(QueueTest, WritesOfABatchMethodCountAsBytes) {
  EXPECT_EQ(queue_.Add(WriteBatch(256 << 20)), nullptr);
  EXPECT_NE(queue_.Add(Read()), nullptr);
  now_ += std::chrono::seconds(30);
  queue_.Expire();
  EXPECT_EQ(queue_.Add(Read()), nullptr);
}

// A custom method takes its turn as a statement does; each call goes alone.
TEST_F(QueueTest, CallsOfACustomMethodAreOneGroup) {
  const int merge = 0;
  for (int i = 0; i < 2; ++i) queue_.Add(Make(CustomWork{.method = &merge}, Lane::kAlone));
  queue_.Add(Read("a"));
  EXPECT_THAT(TakeKeys(), ElementsAre(""));
  EXPECT_THAT(TakeKeys(), ElementsAre("a"));
  EXPECT_THAT(TakeKeys(), ElementsAre(""));
}

TEST_F(QueueTest, FullGivesTheOperationBack) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(queue_.Add(Read()), nullptr);
  EXPECT_NE(queue_.Add(Read()), nullptr);
  queue_.Take();
  EXPECT_EQ(queue_.Add(Read()), nullptr);
}

TEST_F(QueueTest, EnormousOnesGoAlone) {
  auto large = Read("large", 2 << 20);
  queue_.Add(Read("a"));
  queue_.Add(std::move(large));
  queue_.Add(Read("b"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a"));
  EXPECT_THAT(TakeKeys(), ElementsAre("large"));
  EXPECT_THAT(TakeKeys(), ElementsAre("b"));
}

TEST_F(QueueTest, TooManyBytesAreRefused) {
  const auto half = [&] { return Read("", 128 << 20); };
  EXPECT_EQ(queue_.Add(half()), nullptr);
  EXPECT_NE(queue_.Add(half()), nullptr);
  EXPECT_EQ(queue_.Add(Read()), nullptr);
  queue_.Take();
  EXPECT_EQ(queue_.Add(half()), nullptr);
}

TEST_F(QueueTest, ExpiredOnesAreAnsweredAndNotTaken) {
  auto late = Read("late");
  late->deadline = now_ + std::chrono::seconds(1);
  queue_.Add(std::move(late));
  queue_.Add(Read("in time"));
  now_ += std::chrono::seconds(1);
  EXPECT_THAT(TakeKeys(), ElementsAre("in time"));
  EXPECT_THAT(recorder_.failures, ElementsAre(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(QueueTest, CancelledOnesAreAnsweredAndNotTaken) {
  Recorder gone;
  gone.gone = true;
  auto operation = Read("gone");
  operation->completion = &gone;
  queue_.Add(std::move(operation));
  queue_.Add(Read("here"));
  EXPECT_THAT(TakeKeys(), ElementsAre("here"));
  EXPECT_THAT(gone.failures, ElementsAre(absl::StatusCode::kCancelled));
}

TEST_F(QueueTest, ExpireAnswersWhatNoWorkerTakes) {
  queue_.Add(Read("a"));
  queue_.Add(Write("b"));
  now_ += std::chrono::seconds(30);
  queue_.Expire();
  EXPECT_EQ(recorder_.failures.size(), 2U);
  queue_.Add(Read("c"));
  EXPECT_THAT(TakeKeys(), ElementsAre("c"));
}

TEST_F(QueueTest, ClosedRefusesAndDrains) {
  queue_.Add(Read("a"));
  queue_.Close();
  EXPECT_NE(queue_.Add(Read("b")), nullptr);
  EXPECT_THAT(TakeKeys(), ElementsAre("a"));
  EXPECT_TRUE(queue_.Take().batch.empty());
}

TEST_F(QueueTest, TakeWaitsForWork) {
  std::vector<std::string> keys;
  std::thread worker([&] { keys = TakeKeys(); });
  queue_.Add(Read("a"));
  worker.join();
  EXPECT_THAT(keys, ElementsAre("a"));
}

// A second worker would only wait for the row's lock.
TEST_F(QueueTest, ARowThatIsBeingWrittenGetsNoSecondWorker) {
  queue_.Add(Write("a"));
  const Assignment first = queue_.Take();
  queue_.Add(Write("a"));
  queue_.Add(Write("b"));
  queue_.Add(Write("a"));
  EXPECT_THAT(TakeKeys(), ElementsAre("b"));
  queue_.Finish(first, false);
  queue_.Add(Write("c"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "c"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a"));
}

TEST_F(QueueTest, ABatchMethodWaitsForItsRows) {
  const auto batch_of = [&](std::initializer_list<const char*> keys) {
    BatchWriteWork work{.lock = lock_};
    for (const char* key : keys) work.writes.push_back({.statement = update_, .key = key});
    return Make(std::move(work), Lane::kAlone);
  };
  queue_.Add(batch_of({"a", "b"}));
  const Assignment first = queue_.Take();
  queue_.Add(Write("b"));
  queue_.Add(batch_of({"c", "a"}));
  queue_.Add(Write("c"));
  queue_.Add(Read("r"));
  EXPECT_THAT(TakeKeys(), ElementsAre("c"));
  EXPECT_THAT(TakeKeys(), ElementsAre("r"));
  queue_.Finish(first, false);
  EXPECT_THAT(TakeKeys(), ElementsAre("b"));
  EXPECT_THAT(TakeKeys(), ElementsAre(""));
}

TEST_F(QueueTest, WhatWaitsForARowExpiresAndIsDrained) {
  queue_.Add(Write("a"));
  const Assignment first = queue_.Take();
  queue_.Add(Write("a"));
  queue_.Add(Read("r"));
  EXPECT_THAT(TakeKeys(), ElementsAre("r"));
  queue_.Add(Read("s"));
  EXPECT_THAT(TakeKeys(), ElementsAre("s"));
  now_ += std::chrono::seconds(30);
  queue_.Expire();
  EXPECT_EQ(recorder_.failures.size(), 1U);
  queue_.Finish(first, false);
  EXPECT_TRUE(HasNothing(queue_));
}

class SharesTest : public QueueTest {
 protected:
  OperationQueue queue_{{}, {.slow = 2, .scans = 1}, [this] { return now_; }};
  const std::shared_ptr<const Statement> other_list_ = std::make_shared<Statement>();
};

TEST_F(SharesTest, ScansHaveAShareAndReadsAlwaysAWorker) {
  queue_.Add(List());
  queue_.Add(Make(PageWork{.statement = other_list_}, Lane::kAlone));
  queue_.Add(Write("a"));
  queue_.Add(WriteBatch());
  queue_.Add(Read("r"));
  const Assignment scan = queue_.Take();
  EXPECT_EQ(scan.share, Share::kScans);
  const Assignment write = queue_.Take();
  EXPECT_THAT(KeysOf(write), ElementsAre("a"));
  const Assignment read = queue_.Take();
  EXPECT_THAT(KeysOf(read), ElementsAre("r"));
  queue_.Finish(write, false);
  const Assignment batch = queue_.Take();
  EXPECT_EQ(batch.share, Share::kOthers);
  queue_.Finish(scan, false);
  EXPECT_EQ(queue_.Take().share, Share::kScans);
}

TEST_F(SharesTest, AGroupWhoseStatementTimedOutHasOneBatchAtATime) {
  OperationQueue queue({.batch_limit = 1}, {}, [this] { return now_; });
  queue.Add(Read("a"));
  queue.Finish(queue.Take(), true);
  for (const char* key : {"b", "c", "d", "e"}) queue.Add(Read(key));
  const Assignment slow = queue.Take();
  EXPECT_THAT(KeysOf(slow), ElementsAre("b"));
  queue.Add(Write("x"));
  EXPECT_THAT(KeysOf(queue.Take()), ElementsAre("x"));
  // One that ends in time ends it.
  queue.Finish(slow, false);
  EXPECT_THAT(KeysOf(queue.Take()), ElementsAre("c"));
  EXPECT_THAT(KeysOf(queue.Take()), ElementsAre("d"));
  EXPECT_THAT(KeysOf(queue.Take()), ElementsAre("e"));
}

TEST_F(SharesTest, AGroupIsNotSlowForLongerBecauseTheClockWasSetBack) {
  OperationQueue queue({.batch_limit = 1}, {}, [this] { return now_; });
  queue.Add(Read("a"));
  queue.Finish(queue.Take(), true);
  now_ -= std::chrono::seconds(60);
  for (const char* key : {"b", "c"}) queue.Add(Read(key));
  EXPECT_THAT(KeysOf(queue.Take()), ElementsAre("b"));
  EXPECT_THAT(KeysOf(queue.Take()), ElementsAre("c"));
}

TEST_F(QueueTest, CallersTakeTurns) {
  OperationQueue queue({.batch_limit = 4}, {}, [this] { return now_; });
  const auto add = [&](const char* key, uint64_t caller) {
    auto operation = Read(key);
    operation->origin.caller = caller;
    queue.Add(std::move(operation));
  };
  for (const char* key : {"1", "2", "3", "4", "5", "6"}) add(key, 1);
  add("a", 2);
  add("x", 3);
  EXPECT_THAT(KeysOf(queue.Take()), ElementsAre("1", "a", "x", "2"));
  EXPECT_THAT(KeysOf(queue.Take()), ElementsAre("3", "4", "5", "6"));
}

// One caller has at most 8 of 9 places.
TEST_F(QueueTest, OneCallerCannotFillTheQueue) {
  OperationQueue queue({.capacity = 90}, {}, [this] { return now_; });
  const auto add = [&](uint64_t caller) {
    auto operation = Read();
    operation->origin.caller = caller;
    return queue.Add(std::move(operation)) == nullptr;
  };
  int added = 0;
  while (add(1)) ++added;
  EXPECT_EQ(added, 80);
  EXPECT_TRUE(add(2));
  queue.Take();
  EXPECT_TRUE(add(1));
}

// A client that invents callers leaves one of 1025 places.
TEST_F(QueueTest, OneClientCannotFillTheQueue) {
  OperationQueue queue({.capacity = 10250}, {}, [this] { return now_; });
  const auto add = [&](uint64_t caller, uint64_t client) {
    auto operation = Read();
    operation->origin = {caller, client};
    return queue.Add(std::move(operation)) == nullptr;
  };
  int added = 0;
  while (add(100 + added, 1)) ++added;
  EXPECT_EQ(added, 10240);
  EXPECT_TRUE(add(1, 2));
}

// As through a gateway.
TEST_F(QueueTest, GreedyCallersLeaveRoomForOthersOfTheirClient) {
  OperationQueue queue({.capacity = 10000}, {}, [this] { return now_; });
  const auto add = [&](uint64_t caller) {
    auto operation = Read();
    operation->origin = {caller, 1};
    return queue.Add(std::move(operation)) == nullptr;
  };
  for (const uint64_t greedy : {1, 2}) {
    while (add(greedy)) {
    }
  }
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(add(3)) << i;
}

TEST_F(QueueTest, OneCallerCannotFillTheQueueWithLargeValues) {
  OperationQueue queue({.capacity = 1000, .capacity_bytes = 90000}, {}, [this] { return now_; });
  const auto add = [&](uint64_t caller, size_t bytes) {
    auto operation = Read("", bytes);
    operation->origin.caller = caller;
    return queue.Add(std::move(operation)) == nullptr;
  };
  int added = 0;
  while (add(1, 2000)) ++added;
  EXPECT_GT(added, 10);
  EXPECT_LT(added, 45);
  EXPECT_FALSE(add(2, 80000));
  EXPECT_TRUE(add(2, 100));
}

TEST_F(QueueTest, AnOperationOfAnySizeIsTakenAlone) {
  OperationQueue queue({.capacity = 10, .capacity_bytes = 100}, {}, [this] { return now_; });
  EXPECT_EQ(queue.Add(Read("", 1000)), nullptr);
  EXPECT_NE(queue.Add(Read("", 1)), nullptr);
}

}  // namespace
}  // namespace dataservice::test
