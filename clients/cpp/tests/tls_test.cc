#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "system.h"

namespace bookstore_client {
namespace {

std::string ReadToken() {
  std::ifstream file(Secret("token"));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TEST(Tls, ACertificateIdentifiesTheClient) {
  ConnectOptions options;
  options.tls.certificate = Secret("client.crt");
  options.tls.key = Secret("client.key");
  const Client client = ConnectTls(options);
  const std::string author = SomeAuthor();
  const absl::StatusOr<Book> created = client.books().Create(Sample(author));
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(Titles(client, author)["Emma"], 1);
}

TEST(Tls, ARejectedTokenIsReplacedOnce) {
  const std::string tokens[] = {"forged", ReadToken(), "forged again"};
  int fetched = 0;
  ConnectOptions options;
  options.token = [&]() -> absl::StatusOr<Token> { return Token{tokens[fetched++]}; };
  const Client client = ConnectTls(options);
  const std::string author = SomeAuthor();
  for (int n = 0; n < 3; ++n) {
    const absl::StatusOr<Book> created = client.books().Create(Sample(author));
    ASSERT_TRUE(created.ok()) << created.status();
  }
  EXPECT_EQ(Titles(client, author)["Emma"], 3);
  EXPECT_EQ(fetched, 2);
}

TEST(Tls, ATokenIsFetchedAgainBeforeItExpires) {
  int fetched = 0;
  ConnectOptions options;
  options.token = [&]() -> absl::StatusOr<Token> {
    return Token{ReadToken(), absl::Now() + absl::Seconds(++fetched == 1 ? 30 : 300)};
  };
  const Client client = ConnectTls(options);
  for (int n = 0; n < 3; ++n) EXPECT_TRUE(client.books().ListPage({}).ok());
  EXPECT_EQ(fetched, 2) << "the first one expires within a minute";
}

TEST(Tls, FilesAreReadAgain) {
  const std::filesystem::path authorities = testing::TempDir() + "/authorities.crt";
  const auto copy = [&](const std::string& name) {
    std::filesystem::copy_file(Secret(name), authorities,
                               std::filesystem::copy_options::overwrite_existing);
  };
  copy("client.crt");
  ConnectOptions options;
  options.tls = {authorities.string(), Secret("client.crt"), Secret("client.key"), ""};
  const absl::StatusOr<Client> client = Client::Connect(Variable("CLIENT_TLS_TARGET"), options);
  ASSERT_TRUE(client.ok()) << client.status();
  CallOptions impatient;
  impatient.deadline = absl::Seconds(1);
  EXPECT_FALSE(client->books().ListPage({}, impatient).ok());
  copy("ca.crt");
  const absl::StatusOr<Book> created = client->books().Create(Sample(SomeAuthor()));
  EXPECT_TRUE(created.ok()) << created.status();
}

TEST(Tls, ACallerWithoutIdentityIsRefused) {
  const absl::Status status = ConnectTls().books().ListPage({}).status();
  EXPECT_TRUE(absl::IsUnauthenticated(status)) << status;
}

TEST(Tls, OptionsThatCannotBeUsedAreRejected) {
  ConnectOptions options;
  options.tls.ca = "/does/not/exist";
  EXPECT_TRUE(absl::IsInvalidArgument(Client::Connect("localhost:1", options).status()));
  options.tls.ca = Secret("token");
  EXPECT_TRUE(absl::IsInvalidArgument(Client::Connect("localhost:1", options).status()));
  options.tls = {};
  options.tls.certificate = Secret("client.crt");
  EXPECT_TRUE(absl::IsInvalidArgument(Client::Connect("localhost:1", options).status()));
  options.tls = {};
  options.cleartext = true;
  options.token = [] { return Token{"secret"}; };
  EXPECT_TRUE(absl::IsInvalidArgument(Client::Connect("localhost:1", options).status()));
}

}  // namespace
}  // namespace bookstore_client
