#include "serve/reader/reader.h"

#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "serve/errors/errors.h"
#include "serve/reader/reader_sink.h"

namespace dataservice::test {
namespace {

using std::chrono::hours;
using std::chrono::system_clock;

struct LastStatus : Completion {
  void Succeed(Operation&, Outcome) override { status = absl::OkStatus(); }
  void Fail(Operation&, absl::Status failed) override { status = std::move(failed); }
  bool cancelled() const override { return is_cancelled; }

  absl::Status status;
  bool is_cancelled = false;
};

struct CountedBatches : ExecutionObserver {
  void OnBatchBegin(const BatchExecution&) override { ++count; }
  void OnBatchEnd(const BatchExecution&) override {}
  int count = 0;
};

// Nothing listens there.
ConnectionSettings Nowhere() { return {.conninfo = "host=127.0.0.1 port=1"}; }

std::unique_ptr<Operation> Read(Completion& completion) {
  static StatementCache statements(10);
  auto operation = std::make_unique<Operation>(
      ReadWork{.statement = statements.Get(GetShape{TypesContract().resources()[0].get()})},
      Lane::kRead, system_clock::now() + hours(1));
  operation->completion = &completion;
  return operation;
}

TEST(Reader, AdmitsNothingUntilItIsMeasuredHoweverYoungTheMachineIs) {
  const auto age = std::chrono::steady_clock::now().time_since_epoch();
  ConnectionCounts counts;
  Reader reader(
      {.database = Nowhere(),
       .execution = {.workers = 1},
       .max_lag = std::chrono::ceil<std::chrono::milliseconds>(age) + hours(1)},
      [&](Canceller& canceller) {
        return std::make_unique<Connection>(Nowhere(), canceller, counts);
      },
      nullptr);
  LastStatus completion;
  const auto operation = Read(completion);
  EXPECT_FALSE(reader.Admits({}, *operation));
  EXPECT_FALSE(operation->on_reader);
  EXPECT_FALSE(reader.state().lag);
  EXPECT_EQ(reader.state().by_reader, 0U);
  EXPECT_EQ(reader.state().by_writer, 1U);
}

TEST(Reader, DoesNotShowTheAgeOfTheMachineInItsTokens) {
  ConnectionCounts counts;
  const auto connect = [&](Canceller& canceller) {
    return std::make_unique<Connection>(Nowhere(), canceller, counts);
  };
  const ReaderSettings settings{.database = Nowhere(), .execution = {.workers = 1}};
  const auto number_of = [](const std::string& token) {
    return std::stoull(token.substr(token.find('-') + 1));
  };
  const Reader first(settings, connect, nullptr);
  const Reader second(settings, connect, nullptr);
  const uint64_t difference = number_of(second.Token()) - number_of(first.Token());
  constexpr uint64_t kHour = std::chrono::nanoseconds(hours(1)).count();
  EXPECT_GT(difference, kHour);
  EXPECT_GT(-difference, kHour);
}

TEST(ReaderSink, ExecutesNothingWhileTheReaderIsNotMeasured) {
  Canceller canceller;
  ConnectionCounts counts;
  const WriterHistory history(hours(1));
  CountedBatches batches;
  ReaderSink sink(std::make_unique<Connection>(Nowhere(), canceller, counts), history, &batches);
  LastStatus completion;
  Batch batch;
  batch.push_back(Read(completion));
  // Before the beginning of the steady time.
  batch.back()->on_reader = {.must_see = SteadyTime(hours(-1)), .deadline = system_clock::now()};
  sink.Execute(std::move(batch));
  EXPECT_EQ(completion.status, DatabaseUnavailable());
  EXPECT_EQ(batches.count, 0);
}

TEST(IsForWriter, WhatTheReaderCannotExecuteInItsPartOfTheTime) {
  LastStatus completion;
  const auto operation = Read(completion);
  EXPECT_FALSE(IsForWriter(*operation, DatabaseUnavailable())) << "the writer executed it";
  operation->on_reader = {.must_see = {}, .deadline = system_clock::now() + hours(1)};
  for (const absl::Status& status : {DatabaseUnavailable(), QueueFull(), Internal("i"),
                                     DeadlineExceeded(), StatementTimedOut(), ShuttingDown()}) {
    EXPECT_TRUE(IsForWriter(*operation, status)) << status;
  }
  EXPECT_FALSE(IsForWriter(*operation, NotFound("r", "k")));
  EXPECT_FALSE(IsForWriter(*operation, Cancelled()));
  operation->on_reader->deadline = system_clock::now();
  EXPECT_FALSE(IsForWriter(*operation, DeadlineExceeded()));
  operation->on_reader->deadline = system_clock::now() + hours(1);
  completion.is_cancelled = true;
  EXPECT_FALSE(IsForWriter(*operation, DatabaseUnavailable()));
}

TEST(ForWriter, HasTheDeadlineOfTheCallerAndItsOwnAge) {
  LastStatus completion;
  const auto operation = Read(completion);
  operation->origin.caller = 7;
  operation->method = "m";
  operation->created -= hours(1);
  operation->on_reader = {.must_see = {}, .deadline = system_clock::now() + hours(5)};
  const auto repeated = ForWriter(*operation);
  EXPECT_FALSE(repeated->on_reader);
  EXPECT_EQ(repeated->deadline, operation->on_reader->deadline);
  EXPECT_EQ(repeated->created, operation->created);
  EXPECT_EQ(repeated->origin.caller, 7U);
  EXPECT_EQ(repeated->method, "m");
  EXPECT_EQ(repeated->completion, &completion);
  EXPECT_EQ(repeated->group(), operation->group());
}

}  // namespace
}  // namespace dataservice::test
