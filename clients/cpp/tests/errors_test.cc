#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "system.h"

namespace bookstore_client {
namespace {

Book Create(const Client& client, const Book& book) {
  absl::StatusOr<Book> created = client.books().Create(book);
  EXPECT_TRUE(created.ok()) << created.status();
  return created.value_or(Book());
}

TEST(Errors, AnInvalidBookNamesItsFields) {
  Book book;
  book.set_author(SomeAuthor());
  book.set_year(10000);
  CallOptions options;
  options.request_id = "scenario-1";
  const absl::Status status = Connect().books().Create(book, options).status();
  const auto invalid = ErrorAs<InvalidArgument>(status);
  ASSERT_TRUE(invalid) << status;
  std::vector<std::string> fields;
  for (const Violation& violation : invalid->violations) fields.push_back(violation.field);
  std::sort(fields.begin(), fields.end());
  EXPECT_EQ(fields, (std::vector<std::string>{"book.publisher", "book.title", "book.year"}));
  EXPECT_EQ(invalid->request_id, "scenario-1");
  EXPECT_EQ(invalid->method, "bookstore.v1.BookService/CreateBook");
  EXPECT_NE(status.message().find("scenario-1"), absl::string_view::npos) << status;
  EXPECT_EQ(status.message().find("planted"), absl::string_view::npos) << status;
  EXPECT_TRUE(absl::IsInvalidArgument(status));
}

TEST(Errors, HaveTypes) {
  const Client client = Connect();
  CreateBookRequest request;
  *request.mutable_book() = Sample(SomeAuthor());
  request.set_request_id(NewRequestId());
  const absl::StatusOr<Book> created = client.books().Create(request);
  ASSERT_TRUE(created.ok()) << created.status();
  const absl::StatusOr<Book> again = client.books().Create(request);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->id(), created->id());

  const absl::Status missing = client.books().Get("00000000-0000-7000-8000-000000000000").status();
  ASSERT_TRUE(ErrorAs<NotFound>(missing)) << missing;
  EXPECT_FALSE(ErrorAs<NotFound>(missing)->request_id.empty());
  EXPECT_FALSE(ErrorAs<AlreadyExists>(missing));

  const absl::Status exists = client.books().Create(*created).status();
  EXPECT_TRUE(ErrorAs<AlreadyExists>(exists)) << exists;
  EXPECT_NE(ErrorAs<AlreadyExists>(exists)->resource.find(created->id()), std::string::npos);

  request.mutable_book()->set_title("Persuasion");
  const absl::Status reused = client.books().Create(request).status();
  EXPECT_TRUE(ErrorAs<RequestIdReused>(reused)) << reused;

  Book stale;
  stale.set_id(created->id());
  stale.set_etag(created->etag());
  stale.set_title("Sanditon");
  EXPECT_TRUE(client.books().Update(stale, {"title"}).ok());
  const absl::Status mismatch = client.books().Update(stale, {"title"}).status();
  EXPECT_TRUE(ErrorAs<VersionMismatch>(mismatch)) << mismatch;
  EXPECT_FALSE(ErrorAs<Error>(absl::OkStatus()));
  EXPECT_FALSE(ErrorAs<Error>(absl::NotFoundError("of something else")));

  EXPECT_TRUE(client.books().Delete(created->id()).ok());
  EXPECT_TRUE(ErrorAs<NotFound>(client.books().Delete(created->id())));
}

TEST(Errors, ConcurrentChangesAreAllKept) {
  const Client client = Connect();
  const Book created = Create(client, Sample(SomeAuthor()));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10; ++n) {
        const auto changed =
            client.books().Update(created.id(), [](Book& book) { book.set_year(book.year() + 1); });
        EXPECT_TRUE(changed.ok()) << changed.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const absl::StatusOr<Book> read = client.books().Get(created.id());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->year(), created.year() + 40);

  const auto stopped = client.books().Update(created.id(), [](Book& book) {
    book.set_year(1);
    return absl::AbortedError("stop");
  });
  EXPECT_EQ(stopped.status(), absl::AbortedError("stop"));
  const auto same = client.books().Update(created.id(), [](Book&) {});
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_EQ(same->etag(), read->etag());
  const auto other_key = client.books().Update(created.id(), [](Book& book) { book.set_id("a"); });
  EXPECT_TRUE(absl::IsInvalidArgument(other_key.status())) << other_key.status();
}

TEST(Errors, TheStubIsReachable) {
  const Client client = Connect();
  const Book created = Create(client, Sample(SomeAuthor()));
  grpc::ClientContext context;
  GetBookRequest request;
  request.set_id(created.id());
  Book read;
  EXPECT_TRUE(client.books().stub().GetBook(&context, request, &read).ok());
  EXPECT_EQ(read.etag(), created.etag());
}

}  // namespace
}  // namespace bookstore_client
