#include "system.h"

#include <gtest/gtest.h>

#include <cstdlib>

using bookstore_client::Book;
using bookstore_client::Client;
using bookstore_client::ConnectOptions;

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string Secret(const std::string& name) { return Variable("CLIENT_TLS") + "/" + name; }

void Control(const std::string& verb) {
  const std::string command = "'" + Variable("CLIENT_CONTROL") + "' " + verb + " </dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0) << verb;
}

Client Connect(ConnectOptions options) {
  options.cleartext = true;
  absl::StatusOr<Client> client = Client::Connect(Variable("CLIENT_TARGET"), options);
  EXPECT_TRUE(client.ok()) << client.status();
  return *client;
}

Client ConnectTls(ConnectOptions options) {
  options.tls.ca = Secret("ca.crt");
  absl::StatusOr<Client> client = Client::Connect(Variable("CLIENT_TLS_TARGET"), options);
  EXPECT_TRUE(client.ok()) << client.status();
  return *client;
}

std::string SomeAuthor() { return "planted-4f1c9a " + bookstore_client::NewRequestId(); }

Book Sample(const std::string& author, const std::string& title) {
  Book book;
  book.set_title(title);
  book.set_author(author);
  book.set_publisher("John Murray");
  book.set_year(1815);
  return book;
}

std::map<std::string, int> Titles(const Client& client, const std::string& author) {
  std::map<std::string, int> titles;
  bookstore_client::ListBooksRequest request;
  request.set_author(author);
  for (absl::StatusOr<Book>& book : client.books().List(request)) {
    EXPECT_TRUE(book.ok()) << book.status();
    if (book.ok()) ++titles[book->title()];
  }
  return titles;
}
