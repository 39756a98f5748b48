#include <absl/time/clock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>

#include "system.h"

namespace bookstore_client {
namespace {

// Kills the servers and starts them again, twice.
void Restart() {
  for (int i = 0; i < 2; ++i) {
    absl::SleepFor(absl::Milliseconds(700));
    Control("kill");
    absl::SleepFor(absl::Milliseconds(500));
    Control("start");
  }
}

void ExpectEachOnce(const Client& client, const std::string& author, int expected) {
  const std::map<std::string, int> titles = Titles(client, author);
  EXPECT_EQ(static_cast<int>(titles.size()), expected);
  for (const auto& [title, count] : titles) EXPECT_EQ(count, 1) << title;
}

TEST(Restart, EachCreationIsCarriedOutOnce) {
  const Client client = Connect();
  const std::string author = SomeAuthor();
  std::atomic<int> next = 0;
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      while (!done) {
        const std::string title = "Emma " + std::to_string(++next);
        const auto created = client.books().Create(Sample(author, title));
        EXPECT_TRUE(created.ok()) << title << ": " << created.status();
      }
    });
  }
  Restart();
  absl::SleepFor(absl::Milliseconds(300));
  done = true;
  for (std::thread& thread : threads) thread.join();
  ExpectEachOnce(client, author, next);
  RecordProperty("creations", next);
}

TEST(Restart, EachRowIsImportedOnce) {
  const Client client = Connect();
  const std::string author = SomeAuthor();
  std::atomic<bool> done = false;
  int sent = 0;
  const auto rows = [&]() -> std::optional<Book> {
    if (done) return std::nullopt;
    if (sent % 20 == 0) absl::SleepFor(absl::Milliseconds(1));
    return Sample(author, "Emma " + std::to_string(++sent));
  };
  std::thread restarts([&] {
    Restart();
    done = true;
  });
  ImportOptions<Book> options;
  options.chunk = 500;
  const absl::StatusOr<ImportResult> result = client.books().Import(rows, options);
  restarts.join();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->imported, sent);
  EXPECT_EQ(result->refused, 0);
  ExpectEachOnce(client, author, sent);
  RecordProperty("rows", sent);
}

TEST(Restart, ACallEndsAtItsDeadline) {
  ConnectOptions options;
  options.deadline = absl::Seconds(1);
  const Client client = Connect(options);
  CallOptions short_call;
  short_call.deadline = absl::Microseconds(1);
  const absl::Status late = client.books().ListPage({}, short_call).status();
  EXPECT_TRUE(absl::IsDeadlineExceeded(late)) << late;
  EXPECT_FALSE(ErrorAs<OutcomeUnknown>(late));

  Control("kill");
  const absl::Time start = absl::Now();
  const absl::Status away = client.books().ListPage({}).status();
  EXPECT_TRUE(absl::IsUnavailable(away)) << away;
  EXPECT_GT(ErrorAs<Error>(away)->attempts, 1) << away;
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(1500));
  const absl::Status unsent = client.books().Create(Sample(SomeAuthor())).status();
  EXPECT_FALSE(unsent.ok());
  EXPECT_FALSE(ErrorAs<OutcomeUnknown>(unsent)) << unsent;
  Control("start");
}

TEST(Restart, APausedServerLeavesTheOutcomeOfAWriteUnknown) {
  const Client client = Connect();
  const absl::StatusOr<Book> book = client.books().Create(Sample(SomeAuthor()));
  ASSERT_TRUE(book.ok()) << book.status();
  CallOptions call;
  call.deadline = absl::Milliseconds(500);
  Control("pause");
  const absl::Status read = client.books().Get(book->id(), call).status();
  const absl::Status written = client.books().Update(*book, {"title"}, call).status();
  Cancellation cancellation;
  CallOptions cancelled;
  cancelled.cancellation = &cancellation;
  std::thread cancel([&] {
    absl::SleepFor(absl::Milliseconds(100));
    cancellation.Cancel();
  });
  const absl::Status ended = client.books().Get(book->id(), cancelled).status();
  cancel.join();
  Control("resume");
  EXPECT_TRUE(absl::IsDeadlineExceeded(read)) << read;
  EXPECT_FALSE(ErrorAs<OutcomeUnknown>(read));
  EXPECT_TRUE(ErrorAs<OutcomeUnknown>(written)) << written;
  EXPECT_TRUE(absl::IsCancelled(ended)) << ended;
}

TEST(Restart, AnImportIsNotReadAhead) {
  const Client client = Connect();
  const std::string author = SomeAuthor();
  ASSERT_TRUE(client.books().Create(Sample(author)).ok());
  int taken = 0;
  const auto rows = [&]() -> std::optional<Book> {
    ++taken;
    return Sample(author, std::string(200, 'x'));
  };
  ImportOptions<Book> options;
  options.chunk = 100;
  options.call.deadline = absl::Seconds(1);
  Control("pause");
  const absl::Status status = client.books().Import(rows, options).status();
  Control("resume");
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_EQ(taken, 100);
}

}  // namespace
}  // namespace bookstore_client
