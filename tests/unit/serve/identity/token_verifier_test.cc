// Every attack on tokens that SECURITY.md names, with keys made here.
#include "serve/identity/token_verifier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/hmac.h>

#include "absl/strings/str_cat.h"
#include "serve/errors/details.h"
#include "serve/identity/signing_key.h"
#include "serve/identity/token.h"

namespace dataservice::test {
namespace {

constexpr int64_t kNow = 1800000000;
constexpr char kSecret[] = "c2VjcmV0LXBsYW50ZWQ";

// Keys that a test replaces; counts what was asked to be fetched.
class FakeKeys final : public KeySource {
 public:
  explicit FakeKeys(int& refreshes) : refreshes_(refreshes) {}
  std::shared_ptr<const KeySet> Current() const override { return keys_; }
  void Refresh() override { ++refreshes_; }
  void Set(const std::string& json) {
    auto keys = KeySet::Parse(json);
    ASSERT_TRUE(keys.ok()) << keys.status();
    keys_ = *keys;
  }

 private:
  std::shared_ptr<const KeySet> keys_;
  int& refreshes_;
};

const SigningKey& RsaKey() {
  static const SigningKey key = SigningKey::Rsa();
  return key;
}
const SigningKey& EcKey() {
  static const SigningKey key = SigningKey::P256();
  return key;
}
const SigningKey& EdKey() {
  static const SigningKey key = SigningKey::Ed25519();
  return key;
}

std::string Claims(const std::string& more = "") {
  return absl::StrCat(R"({"iss":"https://id","aud":"books","sub":"alice","exp":)", kNow + 600, more,
                      "}");
}

class TokenVerifierTest : public testing::Test {
 protected:
  TokenVerifierTest() {
    auto keys = std::make_unique<FakeKeys>(refreshes_);
    keys_ = keys.get();
    keys_->Set(JwkSet({RsaKey().Jwk("r"), EcKey().Jwk("e"), EdKey().Jwk("d")}));
    verifier_ = std::make_unique<TokenVerifier>(
        ClaimRules{.issuer = "https://id", .audiences = {"books", "shop"}}, std::move(keys),
        [this] { return absl::FromUnixSeconds(now_); });
  }

  // The subject, or the reason of the error.
  std::string Verify(const std::string& token) {
    const auto caller = verifier_->Verify(token);
    if (caller.ok()) return (*caller)->subject;
    google::rpc::ErrorInfo info;
    EXPECT_TRUE(FindDetail(caller.status(), info));
    EXPECT_THAT(std::string(caller.status().message()), testing::Not(testing::HasSubstr(kSecret)));
    return info.reason();
  }
  std::string VerifyClaims(const std::string& claims) {
    return Verify(EcKey().TokenOf("e", claims));
  }
  std::string VerifyHeader(const std::string& header) {
    return Verify(EcKey().Token(header, Claims()));
  }

  int64_t now_ = kNow;
  int refreshes_ = 0;
  FakeKeys* keys_;
  std::unique_ptr<TokenVerifier> verifier_;
};

TEST_F(TokenVerifierTest, EachAlgorithmVerifies) {
  EXPECT_EQ(Verify(RsaKey().TokenOf("r", Claims())), "alice");
  EXPECT_EQ(Verify(EcKey().TokenOf("e", Claims())), "alice");
  EXPECT_EQ(Verify(EdKey().TokenOf("d", Claims())), "alice");
}

TEST_F(TokenVerifierTest, TheCallerHasTheClaims) {
  const auto caller = verifier_->Verify(
      EcKey().TokenOf("e", Claims(R"(,"scope":"read write","scp":["x","y z"],"tenant":"t1")")));
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ((*caller)->kind, CallerKind::kToken);
  EXPECT_EQ((*caller)->issuer, "https://id");
  EXPECT_THAT((*caller)->scopes, testing::ElementsAre("read", "write", "x", "y", "z"));
  EXPECT_EQ((*caller)->claims.fields().at("tenant").string_value(), "t1");
}

TEST_F(TokenVerifierTest, AnotherSignatureIsRefused) {
  const std::string token = EcKey().TokenOf("e", Claims());
  const std::string other = EcKey().TokenOf("e", Claims(R"(,"admin":true)"));
  const size_t dot = token.rfind('.');
  EXPECT_EQ(Verify(other.substr(0, other.rfind('.')) + token.substr(dot)), "TOKEN_INVALID");
  EXPECT_EQ(Verify(token.substr(0, dot + 1)), "TOKEN_INVALID");
  EXPECT_EQ(Verify(token.substr(0, dot + 1) + Base64Url(std::string(64, '\0'))), "TOKEN_INVALID");
  EXPECT_EQ(Verify(token + "AA"), "TOKEN_INVALID");
  EXPECT_EQ(Verify(SigningKey::P256().TokenOf("e", Claims())), "TOKEN_INVALID");
  EXPECT_EQ(Verify(SigningKey::Rsa().TokenOf("r", Claims())), "TOKEN_INVALID");
  EXPECT_EQ(Verify(SigningKey::Ed25519().TokenOf("d", Claims())), "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, NoneAndUnknownAlgorithmsAreRefused) {
  for (const char* alg :
       {"none", "None", "NONE", "", "HS256", "RS512", "PS256", "ES384", "es256"}) {
    const std::string header = absl::StrCat(R"({"alg":")", alg, R"(","kid":"e"})");
    EXPECT_EQ(VerifyHeader(header), "TOKEN_INVALID") << alg;
    const std::string unsigned_text =
        absl::StrCat(Base64Url(header), ".", Base64Url(Claims()), ".");
    EXPECT_EQ(Verify(unsigned_text), "TOKEN_INVALID") << alg;
  }
  EXPECT_EQ(VerifyHeader(R"({"kid":"e"})"), "TOKEN_INVALID");
  EXPECT_EQ(VerifyHeader(R"({"alg":["ES256"],"kid":"e"})"), "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, APublicKeyIsNoSecret) {
  const std::string pem = RsaKey().PublicPem();
  const std::string text =
      absl::StrCat(Base64Url(R"({"alg":"HS256","kid":"r"})"), ".", Base64Url(Claims()));
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), pem.data(), static_cast<int>(pem.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
  EXPECT_EQ(Verify(absl::StrCat(text, ".", Base64Url({reinterpret_cast<char*>(mac), size}))),
            "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, TheAlgorithmMustBeThatOfTheKey) {
  EXPECT_EQ(Verify(EcKey().TokenOf("r", Claims())), "TOKEN_INVALID");
  EXPECT_EQ(Verify(RsaKey().TokenOf("d", Claims())), "TOKEN_INVALID");
  EXPECT_EQ(refreshes_, 0);
}

TEST_F(TokenVerifierTest, KeysInTheTokenAreRefused) {
  const SigningKey own = SigningKey::P256();
  for (const std::string& member :
       {absl::StrCat(R"("jwk":)", own.Jwk("e")), std::string(R"("jku":"https://evil/jwks")"),
        std::string(R"("x5u":"https://evil/c")"), std::string(R"("x5c":["MIIB"])"),
        std::string(R"("crit":["exp"],"exp":1)"), std::string(R"("crit":[])"),
        std::string(R"("b64":false)"), std::string(R"("zip":"DEF")"),
        std::string(R"("enc":"A128GCM")"), std::string(R"("typ":"logout+jwt")"),
        std::string(R"("typ":7)")}) {
    const std::string header = absl::StrCat(R"({"alg":"ES256","kid":"e",)", member, "}");
    EXPECT_EQ(VerifyHeader(header), "TOKEN_INVALID") << header;
    EXPECT_EQ(Verify(own.Token(header, Claims())), "TOKEN_INVALID") << header;
  }
  EXPECT_EQ(VerifyHeader(R"({"alg":"ES256","kid":"e","typ":"at+JWT","x5t":"a"})"), "alice");
  EXPECT_EQ(VerifyHeader(R"({"alg":"ES256","kid":"e","typ":"application/at+jwt"})"), "alice");
}

TEST_F(TokenVerifierTest, MembersThatAreThereTwiceAreRefused) {
  EXPECT_EQ(VerifyHeader(R"({"alg":"none","alg":"ES256","kid":"e"})"), "TOKEN_INVALID");
  EXPECT_EQ(VerifyClaims(Claims(R"(,"sub":"bob")")), "TOKEN_INVALID");
  EXPECT_EQ(VerifyClaims(Claims(R"(,"s\u0075b":"bob")")), "TOKEN_INVALID");
  EXPECT_EQ(VerifyClaims(Claims(R"(,"a":[{"b":1,"b":2}])")), "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, AnUnknownKidAsksForNewKeys) {
  const SigningKey next = SigningKey::P256();
  const std::string token = next.TokenOf("next", Claims());
  EXPECT_EQ(Verify(token), "TOKEN_KEY_UNKNOWN");
  EXPECT_EQ(refreshes_, 1);
  keys_->Set(JwkSet({next.Jwk("next")}));
  EXPECT_EQ(Verify(token), "alice");
}

TEST_F(TokenVerifierTest, AWithdrawnKeyEndsItsTokens) {
  const std::string token = EcKey().TokenOf("e", Claims());
  EXPECT_EQ(Verify(token), "alice");
  keys_->Set(JwkSet({RsaKey().Jwk("r")}));
  EXPECT_EQ(Verify(token), "TOKEN_KEY_UNKNOWN");
}

TEST_F(TokenVerifierTest, WithoutKidTheOnlyKeyOfTheAlgorithmVerifies) {
  EXPECT_EQ(VerifyHeader(R"({"alg":"ES256"})"), "alice");
  keys_->Set(JwkSet({EcKey().Jwk("e"), SigningKey::P256().Jwk("f")}));
  EXPECT_EQ(VerifyHeader(R"({"alg":"ES256"})"), "TOKEN_INVALID");
  EXPECT_EQ(VerifyHeader(R"({"alg":"ES256","kid":""})"), "TOKEN_INVALID");
  EXPECT_EQ(VerifyHeader(R"({"alg":"ES256","kid":7})"), "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, IssuerAndAudienceMustBeOurs) {
  const auto with = [&](const std::string& iss, const std::string& aud) {
    return VerifyClaims(absl::StrCat("{", iss, aud, R"("sub":"alice","exp":)", kNow + 9, "}"));
  };
  EXPECT_EQ(with(R"("iss":"https://id",)", R"("aud":["other","shop"],)"), "alice");
  EXPECT_EQ(with(R"("iss":"https://id/",)", R"("aud":"books",)"), "TOKEN_INVALID");
  EXPECT_EQ(with(R"("iss":["https://id"],)", R"("aud":"books",)"), "TOKEN_INVALID");
  EXPECT_EQ(with("", R"("aud":"books",)"), "TOKEN_INVALID");
  EXPECT_EQ(with(R"("iss":"https://id",)", ""), "TOKEN_INVALID");
  for (const char* aud : {R"("other")", R"("Books")", R"("books shop")", "[]", R"([["books"]])",
                          R"({"books":1})", R"([""])", "null"}) {
    EXPECT_EQ(with(R"("iss":"https://id",)", absl::StrCat(R"("aud":)", aud, ",")), "TOKEN_INVALID")
        << aud;
  }
}

TEST_F(TokenVerifierTest, TimesAreHonouredWithTheSkew) {
  const auto with = [&](const std::string& times) {
    return VerifyClaims(
        absl::StrCat(R"({"iss":"https://id","aud":"books","sub":"alice")", times, "}"));
  };
  const auto exp = [](int64_t time) { return absl::StrCat(R"(,"exp":)", time); };
  EXPECT_EQ(with(exp(kNow - 29)), "alice");
  EXPECT_EQ(with(exp(kNow - 30)), "TOKEN_EXPIRED");
  EXPECT_EQ(with(exp(-5)), "TOKEN_INVALID");
  EXPECT_EQ(with(""), "TOKEN_INVALID");
  EXPECT_EQ(with(R"(,"exp":"1900000000")"), "TOKEN_INVALID");
  EXPECT_EQ(with(R"(,"exp":null)"), "TOKEN_INVALID");
  EXPECT_EQ(with(R"(,"exp":1e999)"), "TOKEN_INVALID");
  EXPECT_EQ(with(R"(,"exp":1e300)"), "alice");
  EXPECT_EQ(with(exp(kNow + 60) + absl::StrCat(R"(,"nbf":)", kNow + 30)), "alice");
  EXPECT_EQ(with(exp(kNow + 60) + absl::StrCat(R"(,"nbf":)", kNow + 31)), "TOKEN_INVALID");
  EXPECT_EQ(with(exp(kNow + 60) + R"(,"nbf":"soon")"), "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, ARememberedTokenExpires) {
  const std::string token = EcKey().TokenOf("e", Claims());
  EXPECT_EQ(Verify(token), "alice");
  now_ = kNow + 600 + 29;
  EXPECT_EQ(Verify(token), "alice");
  now_ = kNow + 600 + 30;
  EXPECT_EQ(Verify(token), "TOKEN_EXPIRED");
}

TEST_F(TokenVerifierTest, TheSubjectIsAName) {
  for (const char* sub : {"", R"(,"sub":"")", R"(,"sub":7)", R"(,"sub":["alice"])",
                          R"(,"sub":"a\u0000b")", R"(,"sub":"a\nb")"}) {
    EXPECT_EQ(VerifyClaims(
                  absl::StrCat(R"({"iss":"https://id","aud":"books","exp":)", kNow + 9, sub, "}")),
              "TOKEN_INVALID")
        << sub;
  }
}

TEST_F(TokenVerifierTest, WhatIsNoTokenIsRefused) {
  const std::string token = EcKey().TokenOf("e", Claims());
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("a.b.c"), token + ".a",
        token + "=", " " + token, token + "\n", absl::StrCat(kSecret, ".", kSecret, ".", kSecret),
        EcKey().Token("[]", Claims()), EcKey().Token("{}", Claims()),
        EcKey().Token(R"({"alg":"ES256","kid":"e"} )", "{'sub':1}"),
        EcKey().TokenOf("e", Claims() + "x"), EcKey().TokenOf("e", std::string(4000, '[')),
        EcKey().TokenOf("e", "{\"sub\":\"\xff\"}")}) {
    EXPECT_EQ(Verify(text), "TOKEN_INVALID") << text.substr(0, 100);
  }
}

TEST_F(TokenVerifierTest, LargeTokensAreRefusedUnread) {
  const auto of_size = [](size_t size) {
    return EcKey().TokenOf("e", Claims(absl::StrCat(R"(,"x":")", std::string(size, 'x'), "\"")));
  };
  EXPECT_EQ(Verify(of_size(11000)), "alice");
  EXPECT_EQ(Verify(of_size(13000)), "TOKEN_INVALID");
  EXPECT_EQ(Verify(std::string(1 << 20, 'a')), "TOKEN_INVALID");
}

TEST_F(TokenVerifierTest, BeforeTheFirstKeysTheCallCanBeRepeated) {
  TokenVerifier verifier({.issuer = "https://id", .audiences = {"books"}},
                         std::make_unique<FakeKeys>(refreshes_));
  EXPECT_EQ(verifier.Verify(EcKey().TokenOf("e", Claims())).status().code(),
            absl::StatusCode::kUnavailable);
}

// Issue 14: under 3 us of CPU; on any machine, far below a signature check (66 us for ES256).
TEST_F(TokenVerifierTest, AKnownTokenCostsNoSignatureCheck) {
  const std::string token = EcKey().TokenOf("e", Claims());
  EXPECT_EQ(Verify(token), "alice");
  constexpr int kTimes = 20000;
  const clock_t begin = clock();
  for (int i = 0; i < kTimes; ++i) {
    if (!verifier_->Verify(token).ok()) FAIL();
  }
  const double each = 1e6 * static_cast<double>(clock() - begin) / CLOCKS_PER_SEC / kTimes;
  RecordProperty("microseconds", std::to_string(each));
  std::printf("a known token: %.2f us of CPU\n", each);
  EXPECT_LT(each, 15);
}

TEST(BearerToken, HasOneForm) {
  EXPECT_EQ(*BearerToken("Bearer a.b.c"), "a.b.c");
  EXPECT_EQ(*BearerToken("bearer a.b.c"), "a.b.c");
  EXPECT_EQ(*BearerToken("BEARER   a.b.c"), "a.b.c");
  for (const char* value : {"", "Bearer", "Bearer ", "Bearera.b.c", " Bearer a.b.c", "Bearer a b",
                            "Bearer a.b.c ", "Bearer\ta.b.c", "Basic YTpi", "a.b.c",
                            "Bearer a.b.c, Bearer d.e.f", "Bearer a,b", "Bearer \"a\""}) {
    EXPECT_FALSE(BearerToken(value).ok()) << value;
  }
}

TEST(TokenMemory, IsBounded) {
  TokenMemory memory;
  const ClaimedCaller claimed{AnonymousCaller(), absl::InfiniteFuture()};
  for (int i = 0; i < 50000; ++i) memory.Remember(DigestOf(std::to_string(i)), 1, claimed);
  EXPECT_LE(memory.size(), 2 * TokenMemory::kShards * TokenMemory::kGeneration);
  EXPECT_NE(memory.Find(DigestOf("49999"), 1, absl::Now()), nullptr);
  EXPECT_EQ(memory.Find(DigestOf("49999"), 2, absl::Now()), nullptr);
}

}  // namespace
}  // namespace dataservice::test
