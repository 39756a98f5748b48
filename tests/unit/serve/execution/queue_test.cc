#include "serve/execution/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
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

  std::vector<std::string> TakeKeys() {
    std::vector<std::string> keys;
    for (const auto& operation : queue_.Take()) keys.push_back(KeyOf(*operation));
    return keys;
  }

  Operation::TimePoint now_{std::chrono::seconds(1000)};
  OperationQueue queue_{{.capacity = 5, .batch_limit = 3, .bulk_limit = 4},
                        [this] { return now_; }};
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
  EXPECT_EQ(queue_.Take(false).size(), 1U);
}

TEST_F(QueueTest, AWorkerThatIsNotEagerTakesNothingWhileAnotherIsFree) {
  // What goes alone too, for which the worker has no patience.
  for (const bool alone : {false, true}) {
    OperationQueue queue({}, [this] { return now_; });
    Batch eager;
    Batch other;
    std::thread waits([&] {
      other = queue.Take(false);
      queue.Close();  // nobody waits for what it took
    });
    std::thread free([&] { eager = queue.Take(); });
    // Before it waits nobody is free, and either may take.
    while (queue.idle() == 0) std::this_thread::yield();
    queue.Add(alone ? List() : Read("a"));
    free.join();
    EXPECT_EQ(eager.size(), 1U);
    queue.Close();
    waits.join();
    EXPECT_TRUE(other.empty());
  }
}

TEST_F(QueueTest, OnlyTheIdlePlaceOfAnEagerWorkerIsLent) {
  EXPECT_FALSE(queue_.Borrow());
  Batch batch;
  std::thread worker([&] { batch = queue_.Take(); });
  while (queue_.idle() == 0) std::this_thread::yield();
  EXPECT_TRUE(queue_.Borrow());
  EXPECT_FALSE(queue_.Borrow());
  queue_.Add(Read("a"));
  EXPECT_EQ(queue_.idle(), 1);  // it may not take
  queue_.GiveBack();
  worker.join();
  EXPECT_EQ(batch.size(), 1U);
}

TEST_F(QueueTest, AWorkerThatIsNotEagerTakesWhileTheOnlyPlaceIsLent) {
  std::thread eager([&] { queue_.Take(); });
  while (queue_.idle() == 0) std::this_thread::yield();
  ASSERT_TRUE(queue_.Borrow());
  queue_.Add(Read("a"));
  EXPECT_EQ(queue_.Take(false).size(), 1U);
  queue_.GiveBack();
  queue_.Close();
  eager.join();
}

TEST_F(QueueTest, TheWorkerWhosePlaceIsLentOutlastsTheClosing) {
  std::atomic<bool> ended{false};
  std::thread worker([&] {
    queue_.Take();
    ended = true;
  });
  while (queue_.idle() == 0) std::this_thread::yield();
  ASSERT_TRUE(queue_.Borrow());
  queue_.Close();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(ended);
  queue_.GiveBack();
  worker.join();
  EXPECT_FALSE(queue_.Borrow());
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
    return queue_.Take().size();
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
  add("b", "2");  // waits for the write of its key that waits
  add("c", "3");
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "c"));
  EXPECT_THAT(TakeKeys(), ElementsAre("b"));
  EXPECT_THAT(TakeKeys(), ElementsAre("b"));
}

TEST_F(QueueTest, ReadsOfOneKeyDo) {
  queue_.Add(Read("a"));
  queue_.Add(Read("a"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "a"));
}

// The limit is 3, and 50 rows of a page count as one.
TEST_F(QueueTest, LargePagesAreMoreOfABatch) {
  for (const int page_size : {50, 1, 51, 100, 1000}) {
    queue_.Add(Make(PageWork{.statement = list_, .page_size = page_size}, Lane::kRead));
  }
  EXPECT_EQ(queue_.Take().size(), 2U);
  EXPECT_EQ(queue_.Take().size(), 1U);
  EXPECT_EQ(queue_.Take().size(), 1U);
  EXPECT_EQ(queue_.Take().size(), 1U);
}

TEST_F(QueueTest, StatementsOfOneOperationGoAlone) {
  queue_.Add(List());
  queue_.Add(List());
  EXPECT_EQ(queue_.Take().size(), 1U);
  EXPECT_EQ(queue_.Take().size(), 1U);
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
  EXPECT_EQ(queue_.Add(half()), nullptr);
  EXPECT_NE(queue_.Add(Read()), nullptr);
  queue_.Take();
  EXPECT_EQ(queue_.Add(Read()), nullptr);
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
  EXPECT_TRUE(queue_.Take().empty());
}

TEST_F(QueueTest, TakeWaitsForWork) {
  std::vector<std::string> keys;
  std::thread worker([&] { keys = TakeKeys(); });
  queue_.Add(Read("a"));
  worker.join();
  EXPECT_THAT(keys, ElementsAre("a"));
}

}  // namespace
}  // namespace dataservice::test
