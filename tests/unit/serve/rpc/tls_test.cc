// TLS, client certificates, and who the caller is, over real connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "serve/identity/identity_settings.h"
#include "serve/identity/signing_key.h"
#include "serve/rpc/caller_server.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

constexpr char kUnavailable[] = "14 ";
constexpr char kIdentityRequired[] = "16 IDENTITY_REQUIRED";
constexpr char kTokenInvalid[] = "16 TOKEN_INVALID";

std::string Certified(const std::string& subject) {
  return CallerKey({.kind = CallerKind::kCertificate, .subject = subject});
}
std::string Tokened(const std::string& subject) {
  return CallerKey({.kind = CallerKind::kToken, .subject = subject, .issuer = "https://id"});
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    std::filesystem::create_directories(folder_);
    settings_.tls = {.certificate = folder_ + "/tls.crt",
                     .key = folder_ + "/tls.key",
                     .client_ca = folder_ + "/ca.crt"};
    Write("tls.crt", pair_.certificate);
    Write("tls.key", pair_.key);
    Write("ca.crt", ca_.pem());
    Write("jwks", JwkSet({key_.Jwk("k")}));
    identity_.keys.jwks = folder_ + "/jwks";
    identity_.tokens = {.issuer = "https://id", .audiences = {"books"}};
    identity_.trusted_forwarders = {"spiffe://a/gateway"};
  }
  ~TlsTest() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Write(const std::string& name, const std::string& text) const {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  }

  CallerServer& Start() {
    auto authenticator = MakeAuthenticator(identity_, !settings_.tls.client_ca.empty(), false);
    EXPECT_TRUE(authenticator.ok()) << authenticator.status();
    authenticator_ = *std::move(authenticator);
    server_ = std::make_unique<CallerServer>(settings_, authenticator_.get());
    return *server_;
  }
  // The caller of one call over a new connection of a client with this certificate.
  std::string CallAs(const PemPair& own, const Metadata& metadata = {}) {
    return server_->Call(server_->Connect(ca_.pem(), own), metadata);
  }
  std::string Bearer(const std::string& subject) const {
    return "Bearer " +
           key_.TokenOf("k",
                        absl::StrCat(R"({"iss":"https://id","aud":"books","sub":")", subject,
                                     R"(","exp":)", absl::ToUnixSeconds(absl::Now()) + 60, "}"));
  }

  const std::string folder_ =
      absl::StrCat(testing::TempDir(), "/tls-", absl::ToUnixNanos(absl::Now()));
  const TestCa ca_;
  const PemPair pair_ = ca_.Issue("server", "IP:127.0.0.1");
  const PemPair service_ = ca_.Issue("service", "URI:spiffe://a/service,DNS:service.a");
  const PemPair gateway_ = ca_.Issue("gateway", "URI:spiffe://a/gateway");
  const SigningKey key_ = SigningKey::Ed25519();
  RpcSettings settings_;
  IdentitySettings identity_;
  std::unique_ptr<Authenticator> authenticator_;
  std::unique_ptr<CallerServer> server_;
};

TEST_F(TlsTest, OnlyClientsOfTheCaGetPastTheHandshake) {
  CallerServer& server = Start();
  EXPECT_EQ(CallAs(service_), Certified("spiffe://a/service"));
  EXPECT_EQ(CallAs({}), kUnavailable);
  EXPECT_EQ(CallAs(TestCa().Issue("service", "URI:spiffe://a/service")), kUnavailable);
  EXPECT_EQ(CallAs(ca_.Issue("service", "URI:spiffe://a/service", -60)), kUnavailable);
  EXPECT_EQ(server.Call(server.Connect()), kUnavailable);                          // cleartext
  EXPECT_EQ(server.Call(server.Connect(TestCa().pem(), service_)), kUnavailable);  // wrong server
  EXPECT_EQ(server.CheckHealth(server.Connect(ca_.pem())).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TlsTest, TheIdentityIsTheUriElseTheDnsNameElseTheCommonName) {
  Start();
  EXPECT_EQ(CallAs(ca_.Issue("cn", "DNS:first.a,DNS:second.a")), Certified("first.a"));
  EXPECT_EQ(CallAs(ca_.Issue("cn", "IP:10.0.0.1,email:a@b.c")), Certified("cn"));
  EXPECT_EQ(CallAs(ca_.Issue("cn", "")), Certified("cn"));
  EXPECT_EQ(CallAs(ca_.Issue("cn", "DNS:a.a,URI:https://a/b")), Certified("https://a/b"));
  const std::string nobody = "16 CERTIFICATE_NAMES_NOBODY";
  EXPECT_EQ(CallAs(ca_.Issue("cn", "URI:spiffe://a/service,URI:spiffe://a/gateway")), nobody);
  EXPECT_EQ(CallAs(ca_.Issue("", "IP:10.0.0.1")), nobody);
  EXPECT_EQ(CallAs(ca_.Issue("a\nb", "")), nobody);
}

TEST_F(TlsTest, AForwarderSpeaksForItsCallersAndNobodyElseDoes) {
  CallerServer& server = Start();
  EXPECT_EQ(CallAs(gateway_, {{"authorization", Bearer("alice")}}), Tokened("alice"));
  EXPECT_EQ(CallAs(gateway_), kIdentityRequired);
  EXPECT_EQ(CallAs(service_, {{"authorization", Bearer("alice")}}),
            Certified("spiffe://a/service"));
  EXPECT_EQ(CallAs(service_, {{"authorization", "Bearer forged"}}), kTokenInvalid);
  const auto channel = server.Connect(ca_.pem(), gateway_);
  EXPECT_EQ(server.Call(channel, {{"authorization", Bearer("alice")}}, true), Tokened("alice"));
  EXPECT_EQ(server.Call(channel, {{"authorization", Bearer("bob")}}, true), Tokened("bob"));
  EXPECT_EQ(server.Call(channel, {}, true), kIdentityRequired);
}

TEST_F(TlsTest, OptionalCertificatesLetTokensIn) {
  settings_.tls.client_certificate_optional = true;
  CallerServer& server = Start();
  EXPECT_EQ(CallAs({}), kIdentityRequired);
  EXPECT_EQ(CallAs({}, {{"authorization", Bearer("alice")}}), Tokened("alice"));
  EXPECT_EQ(CallAs(service_), Certified("spiffe://a/service"));
  EXPECT_EQ(CallAs(TestCa().Issue("service", "URI:spiffe://a/service")), kUnavailable);
  EXPECT_TRUE(server.CheckHealth(server.Connect(ca_.pem())).ok());
  EXPECT_TRUE(server.CheckHealth(server.Connect(ca_.pem()), {{"authorization", "x"}}).ok());
}

TEST_F(TlsTest, NoSpellingOfMetadataSetsAnIdentity) {
  settings_ = {};
  identity_.trusted_forwarders.clear();
  CallerServer& server = Start();
  const auto channel = server.Connect();
  const std::string token = Bearer("alice");
  const std::vector<Metadata> attempts = {
      {{"x-forwarded-user", "alice"}},
      {{"x-forwarded-authorization", token}},
      {{"x-forwarded-client-cert", "URI=spiffe://a/service"}},
      {{"x-authenticated-sub", "alice"}},
      {{"grpcgateway-authorization", token}},
      {{"proxy-authorization", token}},
      {{"authorization-bin", token}},
      {{"x-user-bin", std::string("\0alice", 6)}},
      {{"cookie", "authorization=" + token}},
      {{"peer_spiffe_id", "spiffe://a/service"}},
      {{"x509_common_name", "service"}},
      {{"sub", "alice"}},
  };
  for (const Metadata& metadata : attempts) {
    for (const bool through_calls : {false, true}) {
      EXPECT_EQ(server.Call(channel, metadata, through_calls), kIdentityRequired)
          << metadata.begin()->first;
      Metadata with_token = metadata;
      with_token.emplace("authorization", Bearer("bob"));
      EXPECT_EQ(server.Call(channel, with_token, through_calls), Tokened("bob"))
          << metadata.begin()->first;
    }
  }
  // CallService carries names as the client writes them, HTTP/2 in lower case only.
  for (const char* name : {"Authorization", "AUTHORIZATION", "authorization ", " authorization",
                           ":authority", ":authorization"}) {
    EXPECT_EQ(server.Call(channel, {{name, token}}, true), kIdentityRequired) << name;
  }
  for (const bool through_calls : {false, true}) {
    EXPECT_EQ(server.Call(channel, {{"authorization", token}, {"authorization", Bearer("bob")}},
                          through_calls),
              kTokenInvalid);
    EXPECT_EQ(
        server.Call(channel, {{"authorization", token}, {"authorization", token}}, through_calls),
        kTokenInvalid);
    std::string lower = token;
    lower[0] = 'b';
    EXPECT_EQ(server.Call(channel, {{"authorization", lower}}, through_calls), Tokened("alice"));
  }
}

TEST_F(TlsTest, OldVersionsOfTlsAreRefused) {
  settings_.tls.client_ca.clear();
  identity_.trusted_forwarders.clear();
  CallerServer& server = Start();
  const auto connects = [&](int version) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    const unsigned char protocols[] = "\x02h2";
    SSL_CTX_set_alpn_protos(context, protocols, sizeof protocols - 1);
    BIO* bio = BIO_new_ssl_connect(context);
    BIO_set_conn_hostname(bio, absl::StrCat("127.0.0.1:", server.port()).c_str());
    const bool done = BIO_do_handshake(bio) == 1;
    BIO_free_all(bio);
    SSL_CTX_free(context);
    return done;
  };
  EXPECT_FALSE(connects(TLS1_VERSION));
  EXPECT_FALSE(connects(TLS1_1_VERSION));
  EXPECT_TRUE(connects(TLS1_2_VERSION));
  EXPECT_TRUE(connects(TLS1_3_VERSION));
}

// Clients that connect anew for each call, and clients that keep their connection, call while the
// files are replaced one after the other, as by hand: half of the time they do not fit.
TEST_F(TlsTest, FilesAreReplacedUnderLoadWithoutAFailedCall) {
  CallerServer& server = Start();
  std::atomic<bool> stop{false};
  std::atomic<int> calls{0};
  std::atomic<int> failures{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&, keeps = i % 2 == 0] {
      auto channel = server.Connect(ca_.pem(), service_);
      while (!stop) {
        if (!keeps) channel = server.Connect(ca_.pem(), service_);
        if (server.Call(channel) != Certified("spiffe://a/service")) ++failures;
        ++calls;
      }
    });
  }
  for (int round = 0; round < 3; ++round) {
    const PemPair next = ca_.Issue("server", "IP:127.0.0.1");
    Write("tls.crt", next.certificate);
    std::this_thread::sleep_for(std::chrono::milliseconds(1300));
    Write("tls.key", next.key);
    std::this_thread::sleep_for(std::chrono::milliseconds(1300));
  }
  stop = true;
  for (std::thread& client : clients) client.join();
  EXPECT_GT(calls, 100);
  EXPECT_EQ(failures, 0);
}

TEST_F(TlsTest, NewFilesTakeEffect) {
  CallerServer& server = Start();
  const TestCa next;
  const PemPair pair = next.Issue("server", "IP:127.0.0.1");
  EXPECT_EQ(server.Call(server.Connect(next.pem(), service_)), kUnavailable);
  Write("tls.crt", pair.certificate);
  Write("tls.key", pair.key);
  Write("ca.crt", ca_.pem() + next.pem());
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  EXPECT_EQ(server.Call(server.Connect(next.pem(), service_)), Certified("spiffe://a/service"));
  EXPECT_EQ(server.Call(server.Connect(next.pem(), next.Issue("new", ""))), Certified("new"));
  Write("ca.crt", next.pem());
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  EXPECT_EQ(server.Call(server.Connect(next.pem(), service_)), kUnavailable);
}

TEST_F(TlsTest, FilesThatDoNotFitPreventTheStart) {
  const auto refusal = [&] {
    auto server = RpcServer::Start(settings_, TypesContract(), {},
                                   Admitter(nullptr, nullptr, nullptr), [](auto) {});
    return std::string(server.status().message());
  };
  settings_.address = "127.0.0.1:0";
  Write("tls.key", service_.key);
  EXPECT_THAT(refusal(), HasSubstr("--tls_key is not the key of --tls_certificate"));
  Write("tls.key", "nothing");
  EXPECT_THAT(refusal(), HasSubstr("--tls_key"));
  Write("tls.key", pair_.key);
  Write("ca.crt", "nothing");
  EXPECT_THAT(refusal(), HasSubstr("--tls_client_ca"));
  std::filesystem::remove(folder_ + "/tls.crt");
  EXPECT_THAT(refusal(), HasSubstr("cannot read"));
}

}  // namespace
}  // namespace dataservice::test
