#include "serve/policy/redactor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bookstore/v1/bookstore.pb.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {
namespace {

using bookstore::v1::Book;
using bookstore::v1::ListBooksResponse;

TEST(Redactor, RemovesFieldsWhereverTheMessageIs) {
  const FieldSet hidden = {Book::descriptor()->FindFieldByName("publisher"),
                           Book::descriptor()->FindFieldByName("average_rate")};
  const Redactor redactor(hidden, {Book::descriptor(), ListBooksResponse::descriptor()});
  ListBooksResponse page;
  for (int i = 0; i < 3; ++i) {
    Book* book = page.add_books();
    book->set_title("title");
    book->set_publisher(std::string(200, 'p'));
    book->set_average_rate(2);
    book->set_year(i);
  }
  page.set_next_page_token("next");
  std::string wire = page.SerializeAsString();
  ASSERT_TRUE(redactor.Redact(*ListBooksResponse::descriptor(), wire));
  ListBooksResponse redacted;
  ASSERT_TRUE(redacted.ParseFromString(wire));
  for (Book& book : *page.mutable_books()) {
    book.clear_publisher();
    book.clear_average_rate();
  }
  EXPECT_EQ(redacted.SerializeAsString(), page.SerializeAsString());
}

TEST(Redactor, LooksIntoMessagesThatContainThemselves) {
  const auto* name = types::v1::Part::descriptor()->FindFieldByName("name");
  const Redactor redactor({name}, {types::v1::Part::descriptor()});
  types::v1::Part part;
  part.set_name("x");
  part.set_share(1);
  part.add_parts()->add_parts()->set_name("y");
  std::string wire = part.SerializeAsString();
  ASSERT_TRUE(redactor.Redact(*types::v1::Part::descriptor(), wire));
  types::v1::Part redacted;
  ASSERT_TRUE(redacted.ParseFromString(wire));
  EXPECT_EQ(redacted.name(), "");
  EXPECT_EQ(redacted.share(), 1);
  ASSERT_EQ(redacted.parts_size(), 1);
  ASSERT_EQ(redacted.parts(0).parts_size(), 1);
  EXPECT_EQ(redacted.parts(0).parts(0).name(), "");
}

TEST(Redactor, LeavesOtherMessagesAlone) {
  const Redactor redactor({Book::descriptor()->FindFieldByName("publisher")},
                          {bookstore::v1::Review::descriptor(), Book::descriptor()});
  std::string wire = "no message";
  EXPECT_TRUE(redactor.Redact(*bookstore::v1::Review::descriptor(), wire));
  EXPECT_EQ(wire, "no message");
}

TEST(Redactor, ReturnsNothingOfBytesThatAreNoMessage) {
  const Redactor redactor({Book::descriptor()->FindFieldByName("publisher")}, {Book::descriptor()});
  std::string wire = "\x22\x7fsecret";
  EXPECT_FALSE(redactor.Redact(*Book::descriptor(), wire));
  EXPECT_EQ(wire, "");
}

}  // namespace
}  // namespace dataservice::test
