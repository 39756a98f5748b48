#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "system.h"

namespace bookstore_client {
namespace {

ListBooksRequest Of(const std::string& author, int page_size = 0) {
  ListBooksRequest request;
  request.set_author(author);
  request.set_page_size(page_size);
  return request;
}

// Creates and deletes books until it is done.
void Write(const Client& client, const std::string& author, const std::atomic<bool>& done) {
  while (!done) {
    const absl::StatusOr<Book> created = client.books().Create(Sample(author, "Persuasion"));
    ASSERT_TRUE(created.ok()) << created.status();
    const absl::Status deleted = client.books().Delete(created->id());
    ASSERT_TRUE(deleted.ok()) << deleted;
  }
}

TEST(Rows, PagesHaveEachRowOnceWhileOthersWrite) {
  constexpr int kTotal = 10000;
  const Client client = Connect();
  const std::string author = SomeAuthor();
  std::vector<Book> books;
  for (int n = 0; n < kTotal; ++n) books.push_back(Sample(author, absl::StrCat("Emma ", n)));
  const absl::StatusOr<ImportResult> imported = client.books().Import(books);
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->imported, kTotal);

  std::atomic<bool> done = false;
  std::thread first([&] { Write(client, author, done); });
  std::thread second([&] { Write(client, author, done); });
  std::map<std::string, int> titles;
  for (absl::StatusOr<Book>& book : client.books().List(Of(author, 100))) {
    ASSERT_TRUE(book.ok()) << book.status();
    if (absl::StartsWith(book->title(), "Emma")) ++titles[book->title()];
  }
  done = true;
  first.join();
  second.join();
  EXPECT_EQ(titles.size(), kTotal);
  for (const auto& [title, count] : titles) EXPECT_EQ(count, 1) << title;

  ListOptions limit;
  limit.limit = 1234;
  int limited = 0;
  for (absl::StatusOr<Book>& book : client.books().List(Of(author), limit)) limited += book.ok();
  EXPECT_EQ(limited, 1234);
  limit.limit = 0;
  for (absl::StatusOr<Book>& book : client.books().List(Of(author), limit)) FAIL() << book->id();
  for (absl::StatusOr<Book>& book : client.books().List(Of(author, 10))) {
    ASSERT_TRUE(book.ok()) << book.status();
    break;  // The next page, which is being read, is not awaited.
  }

  std::vector<int64_t> counts;
  ExportOptions options;
  options.progress = [&](int64_t rows) { counts.push_back(rows); };
  ExportBooksRequest request;
  request.set_filter(absl::StrCat("author = \"", author, "\""));
  int exported = 0;
  for (absl::StatusOr<Book>& book : client.books().Export(request, options)) exported += book.ok();
  EXPECT_EQ(exported, kTotal);
  ASSERT_FALSE(counts.empty());
  EXPECT_EQ(counts.front(), 1);
  EXPECT_EQ(counts.back(), kTotal);
  for (absl::StatusOr<Book>& book : client.books().Export(request)) {
    ASSERT_TRUE(book.ok()) << book.status();
    break;
  }
}

TEST(Rows, AnErrorIsTheLastElement) {
  ListBooksRequest request;
  request.set_filter("no field = 1");
  int elements = 0;
  for (absl::StatusOr<Book>& book : Connect().books().List(request)) {
    EXPECT_TRUE(ErrorAs<InvalidArgument>(book.status())) << book.status();
    ++elements;
  }
  EXPECT_EQ(elements, 1);
}

TEST(Rows, AnImportReportsEachRefusedRow) {
  const Client client = Connect();
  const std::string author = SomeAuthor();
  std::vector<Book> books;
  std::vector<int64_t> bad;
  for (int n = 0; n < 5000; ++n) {
    books.push_back(Sample(author, absl::StrCat("Emma ", n)));
    if (n % 7 != 3) continue;
    books.back().set_year(10000);
    bad.push_back(n);
  }
  std::vector<int64_t> refused;
  ImportResult progress;
  ImportOptions<Book> options;
  options.progress = [&](const ImportResult& result) { progress = result; };
  options.refused = [&](int64_t position, const Book& book, const absl::Status& status) {
    refused.push_back(position);
    EXPECT_EQ(book.title(), books[position].title());
    const auto invalid = ErrorAs<InvalidArgument>(status);
    ASSERT_TRUE(invalid) << status;
    ASSERT_EQ(invalid->violations.size(), 1u);
    EXPECT_EQ(invalid->violations[0].field, "book.year");
  };
  const absl::StatusOr<ImportResult> result = client.books().Import(books, options);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(refused, bad);
  EXPECT_EQ(result->refused, static_cast<int64_t>(bad.size()));
  EXPECT_EQ(result->imported, 5000 - result->refused);
  EXPECT_EQ(progress.imported, result->imported);
  EXPECT_EQ(progress.refused, result->refused);
  EXPECT_EQ(static_cast<int64_t>(Titles(client, author).size()), result->imported);
}

TEST(Rows, AnErrorOfTheSourceEndsTheImport) {
  auto rows = [n = 0]() mutable -> absl::StatusOr<std::optional<Book>> {
    if (++n > 3) return absl::DataLossError("line 4");
    return Sample(SomeAuthor());
  };
  EXPECT_EQ(Connect().books().Import(rows).status(), absl::DataLossError("line 4"));
}

TEST(Rows, AnExportCanBeImported) {
  const Client client = Connect();
  const std::string author = SomeAuthor();
  ASSERT_TRUE(client.books().Create(Sample(author)).ok());
  ExportBooksRequest request;
  request.set_filter(absl::StrCat("author = \"", author, "\""));
  const auto result = client.books().Import(client.books().Export(request));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->refused, 1) << "the row exists";
}

TEST(Rows, BatchesAreAllOrNothing) {
  const Client client = Connect();
  BatchCreateBooksRequest request;
  const std::string author = SomeAuthor();
  for (int n = 0; n < 3; ++n) {
    *request.add_requests()->mutable_book() = Sample(author, absl::StrCat(n));
  }
  const auto created = client.books().BatchCreate(request);
  ASSERT_TRUE(created.ok()) << created.status();
  BatchGetBooksRequest keys;
  for (const Book& book : created->books()) keys.add_ids(book.id());
  const auto read = client.books().BatchGet(keys);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->books_size(), 3);
  EXPECT_EQ(read->books(1).title(), "1");
}

}  // namespace
}  // namespace bookstore_client
