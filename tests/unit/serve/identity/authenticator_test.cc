// Who the caller is, and that nobody sets it by what he writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "serve/errors/details.h"
#include "serve/identity/identity_settings.h"
#include "serve/identity/signing_key.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

const Peer kNobody{};
const Peer kService{.has_certificate = true, .identity = "spiffe://a/service"};
const Peer kGateway{.has_certificate = true, .identity = "spiffe://a/gateway"};

class AuthenticatorTest : public testing::Test {
 protected:
  AuthenticatorTest() {
    std::ofstream(path_) << JwkSet({key_.Jwk("k")});
    settings_.keys.jwks = path_;
    settings_.tokens.issuer = "https://id";
    settings_.tokens.audiences = {"books"};
    settings_.trusted_forwarders = {"spiffe://a/gate*"};
  }
  ~AuthenticatorTest() override { std::remove(path_.c_str()); }

  std::string Token(const std::string& subject) const {
    const std::string claims =
        absl::StrCat(R"({"iss":"https://id","aud":"books","sub":")", subject, R"(","exp":)",
                     absl::ToUnixSeconds(absl::Now()) + 60, "}");
    return "Bearer " + key_.TokenOf("k", claims);
  }

  // "kind subject", or the reason of the error.
  std::string Identify(const Peer& peer, const std::vector<std::string>& authorization) {
    if (authenticator_ == nullptr) authenticator_ = *MakeAuthenticator(settings_, true, false);
    const auto caller =
        authenticator_->Identify(peer, {authorization.begin(), authorization.end()});
    google::rpc::ErrorInfo info;
    if (!caller.ok()) {
      EXPECT_TRUE(FindDetail(caller.status(), info));
      return info.reason();
    }
    static const char* const names[] = {"anonymous ", "certificate ", "token "};
    return names[static_cast<int>((*caller)->kind)] + (*caller)->subject;
  }

  const std::string path_ =
      absl::StrCat(testing::TempDir(), "/jwks-", absl::ToUnixNanos(absl::Now()));
  const SigningKey key_ = SigningKey::P256();
  IdentitySettings settings_;
  std::unique_ptr<Authenticator> authenticator_;
};

TEST_F(AuthenticatorTest, APeerIsItself) {
  EXPECT_EQ(Identify(kService, {}), "certificate spiffe://a/service");
  EXPECT_EQ(Identify(kService, {Token("alice")}), "certificate spiffe://a/service");
}

TEST_F(AuthenticatorTest, AForwarderPassesTheCallersToken) {
  EXPECT_EQ(Identify(kGateway, {Token("alice")}), "token alice");
  EXPECT_EQ(Identify(kGateway, {}), "IDENTITY_REQUIRED");
}

TEST_F(AuthenticatorTest, WithoutCertificateTheTokenNamesTheCaller) {
  EXPECT_EQ(Identify(kNobody, {Token("alice")}), "token alice");
  EXPECT_EQ(Identify(kNobody, {}), "IDENTITY_REQUIRED");
}

TEST_F(AuthenticatorTest, AnonymousCallersCanBeAdmitted) {
  settings_.require_identity = false;
  EXPECT_EQ(Identify(kGateway, {}), "anonymous ");
  EXPECT_EQ(Identify(kNobody, {}), "anonymous ");
  EXPECT_EQ(Identify(kNobody, {"Bearer a.b.c"}), "TOKEN_INVALID");
}

TEST_F(AuthenticatorTest, ATokenThatIsSentMustHold) {
  for (const Peer& peer : {kNobody, kService, kGateway}) {
    const std::string token = Token("alice");
    EXPECT_EQ(Identify(peer, {"Bearer a.b.c"}), "TOKEN_INVALID");
    EXPECT_EQ(Identify(peer, {""}), "TOKEN_INVALID");
    EXPECT_EQ(Identify(peer, {"Basic YTpi"}), "TOKEN_INVALID");
    EXPECT_EQ(Identify(peer, {token.substr(7)}), "TOKEN_INVALID");
    EXPECT_EQ(Identify(peer, {token + " "}), "TOKEN_INVALID");
    EXPECT_EQ(Identify(peer, {token, token}), "TOKEN_INVALID");
    EXPECT_EQ(Identify(peer, {token, Token("bob")}), "TOKEN_INVALID");
    EXPECT_EQ(Identify(peer, {token + "," + Token("bob")}), "TOKEN_INVALID");
    EXPECT_EQ(Identify(peer, {"spiffe://a/gateway"}), "TOKEN_INVALID");
  }
}

TEST_F(AuthenticatorTest, ACertificateWithoutNameIsNobody) {
  EXPECT_EQ(Identify({.has_certificate = true}, {Token("alice")}), "CERTIFICATE_NAMES_NOBODY");
}

TEST_F(AuthenticatorTest, WithoutKeysNoTokenHolds) {
  settings_ = {};
  EXPECT_EQ(Identify(kService, {}), "certificate spiffe://a/service");
  EXPECT_EQ(Identify(kService, {Token("alice")}), "TOKEN_INVALID");
}

TEST_F(AuthenticatorTest, SettingsThatLeaveAGapAreRefused) {
  const auto refusal = [](const IdentitySettings& settings, bool certificates = true) {
    return std::string(MakeAuthenticator(settings, certificates, false).status().message());
  };
  EXPECT_EQ(refusal(settings_), "");
  EXPECT_THAT(refusal(settings_, false), HasSubstr("--trusted_forwarder"));
  IdentitySettings gap = settings_;
  gap.tokens.issuer = "";
  EXPECT_THAT(refusal(gap), HasSubstr("--jwt_issuer"));
  gap = settings_;
  gap.tokens.audiences.clear();
  EXPECT_THAT(refusal(gap), HasSubstr("--jwt_audience"));
  gap = settings_;
  gap.keys.jwks = "/does/not/exist";
  EXPECT_THAT(refusal(gap), HasSubstr("cannot read"));
  for (const char* url : {"http://id.example/jwks", "HTTP://127.0.0.1.evil/k",
                          "http://127.0.0.1:80@evil/k", "http://localhostess/"}) {
    gap.keys.jwks = url;
    EXPECT_THAT(refusal(gap), HasSubstr("http URL")) << url;
  }
  gap = {};
  gap.require_identity = true;
  EXPECT_THAT(refusal(gap, false), HasSubstr("--require_identity"));
  EXPECT_EQ(*MakeAuthenticator({}, false, false), nullptr);
}

}  // namespace
}  // namespace dataservice::test
