#include "postgres/credentials.h"

#include <gmock/gmock.h>

namespace dataservice::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Credentials, OfASecretOfSecretsManager) {
  const auto found = ParseCredentials(
      R"({"engine":"postgres","host":"db.example","username":"app","password":"p\"w'\\ é",)"
      R"("dbname":"shop","port":5432,"dbClusterIdentifier":"c"})");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->username, "app");
  EXPECT_EQ(found->password, "p\"w'\\ é");
  EXPECT_EQ(found->host, "db.example");
  EXPECT_EQ(found->port, "5432");
  EXPECT_EQ(found->dbname, "shop");
  EXPECT_EQ(found->expires_at, absl::InfiniteFuture());
}

TEST(Credentials, UserAndPasswordAreEnough) {
  const auto found = ParseCredentials("{\"username\":\"a\",\"password\":\"b\",\"host\":null}\n");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->host, "");
  EXPECT_EQ(found->port, "");
}

TEST(Credentials, ThatExpire) {
  const auto found = ParseCredentials(
      R"({"username":"a","password":"b","port":"6432","expires_at":"2026-11-24T13:16:26.5+01:00"})");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->port, "6432");
  EXPECT_EQ(found->expires_at, absl::FromUnixMillis(1795522586500));
}

class RefusedCredentials : public testing::TestWithParam<const char*> {};

TEST_P(RefusedCredentials, WithoutAWordOfTheText) {
  const auto found = ParseCredentials(GetParam());
  EXPECT_TRUE(absl::IsInvalidArgument(found.status()));
  EXPECT_THAT(std::string(found.status().message()), Not(HasSubstr("hush")));
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedCredentials,
    testing::Values("", "hush", "null", "[]", "\"hush\"", "{}", R"({"username":"hush"})",
                    R"({"password":"hush"})", R"({"username":"","password":"hush"})",
                    R"({"username":"hush","password":""})", R"({"username":1,"password":"hush"})",
                    R"({"username":"a","password":"hush\u0000x"})",
                    R"({"username":"a","password":{"hush":1}})",
                    R"({"username":"a","password":"hush","port":0})",
                    R"({"username":"a","password":"hush","port":5432.5})",
                    R"({"username":"a","password":"hush","port":65536})",
                    R"({"username":"a","password":"hush","port":true})",
                    R"({"username":"a","password":"hush","host":5})",
                    R"({"username":"a","password":"hush","expires_at":"soon hush"})",
                    R"({"username":"a","password":"hush","expires_at":1795522586})",
                    R"({"username":"a","password":"hush")",
                    "{\"username\":\"a\",\"password\":\"\xff\"}"));

}  // namespace
}  // namespace dataservice::test
