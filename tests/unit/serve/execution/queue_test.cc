#include "serve/execution/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "contract/fixture.h"

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

std::shared_ptr<const Statement> StatementOf(ShapeKind kind, bool array = true) {
  auto statement = std::make_shared<Statement>();
  statement->shape.kind = kind;
  statement->parameters.push_back({.array = array});
  return statement;
}

class QueueTest : public testing::Test {
 protected:
  std::unique_ptr<Operation> Make(const std::shared_ptr<const Statement>& statement,
                                  const std::string& key = "") {
    auto operation = std::make_unique<Operation>();
    operation->statement = statement;
    operation->key = key;
    operation->deadline = now_ + std::chrono::seconds(30);
    operation->completion = &recorder_;
    return operation;
  }

  std::vector<std::string> TakeKeys() {
    std::vector<std::string> keys;
    for (const auto& operation : queue_.Take()) keys.push_back(operation->key);
    return keys;
  }

  Operation::TimePoint now_{std::chrono::seconds(1000)};
  OperationQueue queue_{{.capacity = 5, .batch_limit = 3, .bulk_limit = 4},
                        [this] { return now_; }};
  Recorder recorder_;
  const std::shared_ptr<const Statement> get_ = StatementOf(ShapeKind::kGet);
  const std::shared_ptr<const Statement> update_ = StatementOf(ShapeKind::kUpdate);
  const std::shared_ptr<const Statement> lock_ = StatementOf(ShapeKind::kLock);
  const std::shared_ptr<const Statement> list_ = StatementOf(ShapeKind::kList, false);
};

TEST_F(QueueTest, TakesWhatWaitsOfOneShapeInOrder) {
  queue_.Add(Make(get_, "a"));
  queue_.Add(Make(update_, "x"));
  queue_.Add(Make(get_, "b"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "b"));
  EXPECT_THAT(TakeKeys(), ElementsAre("x"));
}

TEST_F(QueueTest, ABatchHasALimitAndShapesTakeTurns) {
  for (const char* key : {"1", "2", "3", "4"}) queue_.Add(Make(get_, key));
  queue_.Add(Make(update_, "x"));
  EXPECT_THAT(TakeKeys(), ElementsAre("1", "2", "3"));
  EXPECT_THAT(TakeKeys(), ElementsAre("x"));
  EXPECT_THAT(TakeKeys(), ElementsAre("4"));
}

// No eager worker is there to come back: it takes what is left over.
TEST_F(QueueTest, AWorkerThatIsNotEagerTakesWhatIsLeftOver) {
  queue_.Add(Make(get_, "a"));
  EXPECT_EQ(queue_.Take(false).size(), 1U);
}

TEST_F(QueueTest, AWorkerThatIsNotEagerTakesNothingWhileAnotherIsFree) {
  // What goes alone too, for which the worker has no patience.
  for (const auto& statement : {get_, list_}) {
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
    queue.Add(Make(statement, "a"));
    free.join();
    EXPECT_EQ(eager.size(), 1U);
    queue.Close();
    waits.join();
    EXPECT_TRUE(other.empty());
  }
}

TEST_F(QueueTest, WritesOfABatchAreSorted) {
  for (const char* key : {"c", "a", "b"}) queue_.Add(Make(update_, key));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "b", "c"));
}

TEST_F(QueueTest, AnImportHasALimitOfItsOwn) {
  for (const char* key : {"1", "2", "3", "4", "5"}) {
    auto operation = Make(update_, key);
    operation->bulk = true;
    queue_.Add(std::move(operation));
  }
  EXPECT_THAT(TakeKeys(), ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(TakeKeys(), ElementsAre("5"));
}

TEST_F(QueueTest, WritesOfOneKeyNeverShareABatch) {
  for (const char* key : {"a", "b", "a", "a"}) queue_.Add(Make(update_, key));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "b"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a"));
}

TEST_F(QueueTest, WritesOfOneRequestIdNeverShareABatch) {
  const auto add = [&](const char* key, const char* id) {
    auto operation = Make(update_, key);
    operation->claim = Claim{id, "digest"};
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
  queue_.Add(Make(get_, "a"));
  queue_.Add(Make(get_, "a"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "a"));
}

TEST_F(QueueTest, StatementsOfOneOperationGoAlone) {
  queue_.Add(Make(list_));
  queue_.Add(Make(list_));
  EXPECT_EQ(queue_.Take().size(), 1U);
  EXPECT_EQ(queue_.Take().size(), 1U);
}

TEST_F(QueueTest, PartsOfReadsCountAsRows) {
  const auto reads = [&](const std::string& key, int count) {
    auto operation = Make(get_, key);
    for (int i = 0; i < count; ++i) operation->parts.push_back(Make(get_));
    return operation;
  };
  queue_.Add(Make(get_, "a"));
  queue_.Add(reads("two", 2));
  queue_.Add(reads("many", 100));
  queue_.Add(Make(get_, "b"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a", "two"));
  EXPECT_THAT(TakeKeys(), ElementsAre("many"));
  EXPECT_THAT(TakeKeys(), ElementsAre("b"));
}

TEST_F(QueueTest, WritesOfABatchMethodGoAlone) {
  queue_.Add(Make(lock_, "a"));
  queue_.Add(Make(lock_, "b"));
  queue_.Add(Make(update_, "x"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a"));
  EXPECT_THAT(TakeKeys(), ElementsAre("x"));
  EXPECT_THAT(TakeKeys(), ElementsAre("b"));
}

TEST_F(QueueTest, PartsCountAsBytes) {
  auto large = Make(lock_);
  large->parts.push_back(Make(update_));
  large->parts.back()->values.Add(std::string(256 << 20, 'x'));
  EXPECT_EQ(queue_.Add(std::move(large)), nullptr);
  EXPECT_NE(queue_.Add(Make(get_)), nullptr);
  now_ += std::chrono::seconds(30);
  queue_.Expire();
  EXPECT_EQ(queue_.Add(Make(get_)), nullptr);
}

TEST_F(QueueTest, FullGivesTheOperationBack) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(queue_.Add(Make(get_)), nullptr);
  EXPECT_NE(queue_.Add(Make(get_)), nullptr);
  queue_.Take();
  EXPECT_EQ(queue_.Add(Make(get_)), nullptr);
}

TEST_F(QueueTest, EnormousOnesGoAlone) {
  auto large = Make(get_, "large");
  large->values.Add(std::string(2 << 20, 'x'));
  queue_.Add(Make(get_, "a"));
  queue_.Add(std::move(large));
  queue_.Add(Make(get_, "b"));
  EXPECT_THAT(TakeKeys(), ElementsAre("a"));
  EXPECT_THAT(TakeKeys(), ElementsAre("large"));
  EXPECT_THAT(TakeKeys(), ElementsAre("b"));
}

TEST_F(QueueTest, TooManyBytesAreRefused) {
  const auto half = [&] {
    auto operation = Make(get_);
    operation->values.Add(std::string(128 << 20, 'x'));
    return operation;
  };
  EXPECT_EQ(queue_.Add(half()), nullptr);
  EXPECT_EQ(queue_.Add(half()), nullptr);
  EXPECT_NE(queue_.Add(Make(get_)), nullptr);
  queue_.Take();
  EXPECT_EQ(queue_.Add(Make(get_)), nullptr);
}

TEST_F(QueueTest, ExpiredOnesAreAnsweredAndNotTaken) {
  auto late = Make(get_, "late");
  late->deadline = now_ + std::chrono::seconds(1);
  queue_.Add(std::move(late));
  queue_.Add(Make(get_, "in time"));
  now_ += std::chrono::seconds(1);
  EXPECT_THAT(TakeKeys(), ElementsAre("in time"));
  EXPECT_THAT(recorder_.failures, ElementsAre(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(QueueTest, CancelledOnesAreAnsweredAndNotTaken) {
  Recorder gone;
  gone.gone = true;
  auto operation = Make(get_, "gone");
  operation->completion = &gone;
  queue_.Add(std::move(operation));
  queue_.Add(Make(get_, "here"));
  EXPECT_THAT(TakeKeys(), ElementsAre("here"));
  EXPECT_THAT(gone.failures, ElementsAre(absl::StatusCode::kCancelled));
}

TEST_F(QueueTest, ExpireAnswersWhatNoWorkerTakes) {
  queue_.Add(Make(get_, "a"));
  queue_.Add(Make(update_, "b"));
  now_ += std::chrono::seconds(30);
  queue_.Expire();
  EXPECT_EQ(recorder_.failures.size(), 2U);
  queue_.Add(Make(get_, "c"));
  EXPECT_THAT(TakeKeys(), ElementsAre("c"));
}

TEST_F(QueueTest, ClosedRefusesAndDrains) {
  queue_.Add(Make(get_, "a"));
  queue_.Close();
  EXPECT_NE(queue_.Add(Make(get_, "b")), nullptr);
  EXPECT_THAT(TakeKeys(), ElementsAre("a"));
  EXPECT_TRUE(queue_.Take().empty());
}

TEST_F(QueueTest, TakeWaitsForWork) {
  std::vector<std::string> keys;
  std::thread worker([&] { keys = TakeKeys(); });
  queue_.Add(Make(get_, "a"));
  worker.join();
  EXPECT_THAT(keys, ElementsAre("a"));
}

}  // namespace
}  // namespace dataservice::test
