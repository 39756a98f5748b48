#include "serve/identity/key_set.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "serve/identity/signing_key.h"

namespace dataservice::test {
namespace {

bool Parses(const std::string& json) { return KeySet::Parse(json).ok(); }

TEST(KeySet, FindsKeysByKidAndAlgorithm) {
  const SigningKey ec = SigningKey::P256();
  const auto keys =
      KeySet::Parse(JwkSet({ec.Jwk("a", R"(,"alg":"ES256","use":"sig","key_ops":["verify"])"),
                            SigningKey::Ed25519().Jwk("a"), SigningKey::P256().Jwk("b")}));
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_NE((*keys)->Find("a", SignatureAlgorithm::kEs256), nullptr);
  EXPECT_NE((*keys)->Find("a", SignatureAlgorithm::kEdDsa), nullptr);
  EXPECT_EQ((*keys)->Find("a", SignatureAlgorithm::kRs256), nullptr);
  EXPECT_EQ((*keys)->Find("c", SignatureAlgorithm::kEs256), nullptr);
  EXPECT_EQ((*keys)->Find("", SignatureAlgorithm::kEs256), nullptr);
  EXPECT_NE((*keys)->Find("", SignatureAlgorithm::kEdDsa), nullptr);
}

TEST(KeySet, RefusesWhatIsNoSet) {
  const std::string key = SigningKey::P256().Jwk("a");
  EXPECT_TRUE(Parses(JwkSet({key})));
  EXPECT_FALSE(Parses(""));
  EXPECT_FALSE(Parses("[]"));
  EXPECT_FALSE(Parses("{}"));
  EXPECT_FALSE(Parses(JwkSet({})));
  EXPECT_FALSE(Parses(key));
  EXPECT_FALSE(Parses(JwkSet({key}) + "x"));
  EXPECT_FALSE(Parses(JwkSet({key, SigningKey::P256().Jwk("a")})));
  EXPECT_FALSE(Parses(absl::StrCat("{\"keys\":[", key, "],\"keys\":[", key, "]}")));
  std::vector<std::string> many;
  for (int i = 0; i <= KeySet::kMaxKeys; ++i)
    many.push_back(SigningKey::Ed25519().Jwk(std::to_string(i)));
  EXPECT_FALSE(Parses(absl::StrCat("{\"keys\":[", absl::StrJoin(many, ","), "]}")));
}

TEST(KeySet, IgnoresKeysForOtherPurposes) {
  const SigningKey ec = SigningKey::P256();
  for (const char* more : {R"(,"use":"enc")", R"(,"alg":"ES384")", R"(,"alg":"RS256")",
                           R"(,"key_ops":["sign"])", R"(,"key_ops":[])", R"(,"d":"AA")"}) {
    EXPECT_FALSE(Parses(JwkSet({ec.Jwk("a", more)}))) << more;
    EXPECT_TRUE(Parses(JwkSet({ec.Jwk("a", more), SigningKey::P256().Jwk("b")}))) << more;
  }
  EXPECT_FALSE(Parses(JwkSet({R"({"kty":"oct","k":"c2VjcmV0","kid":"a"})"})));
  EXPECT_FALSE(Parses(JwkSet({SigningKey::Rsa(1024).Jwk("a")})));
  EXPECT_FALSE(Parses(JwkSet({absl::StrReplaceAll(ec.Jwk("a"), {{"P-256", "P-384"}})})));
}

TEST(KeySet, RefusesPointsThatAreNotOnTheCurve) {
  const std::string zeros = Base64Url(std::string(31, '\0') + "\x05");
  EXPECT_FALSE(Parses(JwkSet({absl::StrCat(R"({"kty":"EC","crv":"P-256","kid":"a","x":")", zeros,
                                           R"(","y":")", zeros, R"("})")})));
}

}  // namespace
}  // namespace dataservice::test
