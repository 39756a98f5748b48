#include "postgres/credential_source.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>

#include "postgres/conninfo.h"

namespace dataservice::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSecret =
    R"({"username":"app","password":"it's a \\ hush","host":"cluster","port":5432,"dbname":"shop"})";

// What a connection that is made now gets.
ConnInfoParameters Parameters(const CredentialSettings& settings) {
  const auto source = CredentialSource::Create(settings, "test");
  EXPECT_TRUE(source.ok()) << source.status();
  const auto conninfo = (*source)->ConnInfo();
  EXPECT_TRUE(conninfo.ok()) << conninfo.status();
  auto parsed = ParseConnInfo(*conninfo);
  EXPECT_TRUE(parsed.ok());
  return *std::move(parsed);
}

std::string Refusal(const CredentialSettings& settings) {
  const auto source = CredentialSource::Create(settings, "test");
  EXPECT_TRUE(absl::IsInvalidArgument(source.status())) << source.status();
  return std::string(source.status().message());
}

TEST(CredentialSource, AConnectionStringAloneIsCompleted) {
  const std::string conninfo = "postgresql://u:p@h:1/d?connect_timeout=9";
  const auto source = CredentialSource::Create({.conninfo = conninfo}, "test");
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(*(*source)->ConnInfo(), *CompleteConnInfo(conninfo, "test"));
  EXPECT_EQ(Parameters({.conninfo = conninfo})["connect_timeout"], "9");
}

TEST(CredentialSource, ASecretAloneIsEnough) {
  auto found = Parameters({.secret = kSecret});
  EXPECT_EQ(found["host"], "cluster");
  EXPECT_EQ(found["port"], "5432");
  EXPECT_EQ(found["dbname"], "shop");
  EXPECT_EQ(found["user"], "app");
  EXPECT_EQ(found["password"], "it's a \\ hush");
  EXPECT_EQ(found["application_name"], "test");
}

TEST(CredentialSource, WhereToConnectTheConnectionStringSaysFirstAndWhoTheSecret) {
  auto found = Parameters({.conninfo = "host=proxy user=u password=p sslmode=verify-full "
                                       "sslrootcert=/roots.pem",
                           .secret = kSecret});
  EXPECT_EQ(found["host"], "proxy");
  // The cluster's port is not the proxy's.
  EXPECT_EQ(found.count("port"), 0U);
  EXPECT_EQ(found["dbname"], "shop");
  EXPECT_EQ(found["user"], "app");
  EXPECT_EQ(found["password"], "it's a \\ hush");
  EXPECT_EQ(found["sslmode"], "verify-full");
  EXPECT_EQ(found["sslrootcert"], "/roots.pem");
  EXPECT_EQ(Parameters({.conninfo = "hostaddr=127.0.0.1", .secret = kSecret}).count("host"), 0U);
  EXPECT_EQ(Parameters({.conninfo = "dbname=mine port=7", .secret = kSecret})["dbname"], "mine");
  EXPECT_EQ(Parameters({.conninfo = "dbname=mine port=7", .secret = kSecret})["port"], "7");
}

TEST(CredentialSource, AStandbyHasWhatItsWriterHas) {
  const std::string writer =
      "host=w port=7 user=u dbname=d sslmode=require target_session_attrs=any";
  auto found = Parameters({.conninfo = "host=r", .writer_conninfo = writer});
  EXPECT_EQ(found["host"], "r");
  EXPECT_EQ(found["port"], "7");
  EXPECT_EQ(found["user"], "u");
  EXPECT_EQ(found["dbname"], "d");
  EXPECT_EQ(found["sslmode"], "require");
  EXPECT_EQ(found.count("target_session_attrs"), 0U);
  for (const char* own : {"host=r port=8", "postgresql://r:8"}) {
    EXPECT_EQ(Parameters({.conninfo = own, .writer_conninfo = writer})["port"], "8") << own;
  }
  EXPECT_EQ(Parameters({.conninfo = "host=r", .writer_conninfo = "host=w hostaddr=1.2.3.4"})
                .count("hostaddr"),
            0U);
  EXPECT_EQ(
      Parameters({.conninfo = "host=r", .writer_conninfo = "host=a,b port=7,8"}).count("port"), 0U)
      << "each belongs to a host";
}

TEST(CredentialSource, AServiceSaysWhereAStandbyIs) {
  auto found = Parameters({.conninfo = "service=standby",
                           .writer_conninfo = "host=w port=7 sslmode=require",
                           .secret = kSecret});
  EXPECT_EQ(found["service"], "standby");
  EXPECT_EQ(found.count("host") + found.count("port"), 0U);
  EXPECT_EQ(found["user"], "app");
  EXPECT_EQ(found["sslmode"], "require");
}

TEST(CredentialSource, ASecretFileIsReadEachTime) {
  const std::string path = testing::TempDir() + "/secret.json";
  const auto write = [&](const std::string& text) { std::ofstream(path) << text; };
  write(R"({"username":"a","password":"old"})");
  const auto source = CredentialSource::Create({.secret = "@" + path}, "test");
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_THAT(*(*source)->ConnInfo(), HasSubstr("password='old'"));
  write(R"({"username":"a","password":"new"})");
  EXPECT_THAT(*(*source)->ConnInfo(), HasSubstr("password='new'"));
  std::remove(path.c_str());
  const auto gone = (*source)->ConnInfo();
  EXPECT_TRUE(absl::IsUnavailable(gone.status()));
  EXPECT_THAT(std::string(gone.status().message()), HasSubstr(path));
  write("half of hush");
  const auto broken = (*source)->ConnInfo();
  EXPECT_TRUE(absl::IsUnavailable(broken.status()));
  EXPECT_THAT(std::string(broken.status().message()), Not(HasSubstr("hush")));
  std::remove(path.c_str());
}

TEST(CredentialSource, ACommandIsRunWhenAConnectionIsMade) {
  const auto source = CredentialSource::Create(
      {.conninfo = "host=proxy",
       .command = R"(printf '{"username":"%s","password":"p","host":"cluster"}' app)"},
      "test");
  ASSERT_TRUE(source.ok()) << source.status();
  const auto conninfo = (*source)->ConnInfo();
  ASSERT_TRUE(conninfo.ok()) << conninfo.status();
  EXPECT_THAT(*conninfo, HasSubstr("user='app'"));
  EXPECT_THAT(*conninfo, HasSubstr("host='proxy'"));
}

TEST(CredentialSource, ACommandThatFailsIsUnavailable) {
  for (const char* command : {"false", "/nowhere/hush", "echo hush"}) {
    const auto source = CredentialSource::Create({.command = command}, "test");
    ASSERT_TRUE(source.ok()) << source.status();
    const auto conninfo = (*source)->ConnInfo();
    EXPECT_TRUE(absl::IsUnavailable(conninfo.status()));
    EXPECT_THAT(std::string(conninfo.status().message()), HasSubstr("no credentials: "));
  }
}

TEST(CredentialSource, WhatDoesNotGoTogetherIsRefused) {
  EXPECT_THAT(Refusal({}), HasSubstr("--database_secret or --credentials_command is needed"));
  EXPECT_THAT(Refusal({.secret = kSecret, .command = "true"}), HasSubstr("choose one"));
  EXPECT_THAT(Refusal({.conninfo = "hush", .secret = kSecret}), Not(HasSubstr("hush")));
  EXPECT_THAT(Refusal({.secret = "hush"}), Not(HasSubstr("hush")));
  EXPECT_THAT(Refusal({.secret = "@/nowhere/secret"}), HasSubstr("/nowhere/secret"));
  EXPECT_THAT(Refusal({.command = "a | b"}), HasSubstr("--credentials_command"));
}

}  // namespace
}  // namespace dataservice::test
