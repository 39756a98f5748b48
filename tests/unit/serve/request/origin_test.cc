// Who makes a call, for the turns and the limits of the queue.
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "serve/request/request_context.h"

namespace dataservice::test {
namespace {

class CallMetadata final : public RequestMetadata {
 public:
  CallMetadata(uint64_t connection, std::string authorization)
      : connection_(connection), authorization_(std::move(authorization)) {}

  std::optional<std::string_view> Find(std::string_view name) const override {
    if (name != "authorization") return std::nullopt;
    return authorization_;
  }
  bool HasSeveral(std::string_view) const override { return false; }
  AuthorizationValues Authorization() const override { return {authorization_}; }
  Peer ClientOfConnection() const override { return {}; }
  uint64_t connection() const override { return connection_; }
  uint64_t client() const override { return 17; }

 private:
  const uint64_t connection_;
  const std::string authorization_;
};

Origin OriginOfCall(uint64_t connection, const std::string& authorization,
                    CallerPtr caller = AnonymousCaller()) {
  const CallMetadata metadata(connection, authorization);
  return OriginOf({.deadline = {}, .caller = std::move(caller), .metadata = &metadata});
}

TEST(OriginTest, TheCallerIsTheVerifiedIdentityWhereverItConnects) {
  const auto named = [](const std::string& subject) {
    return std::make_shared<Caller>(Caller{.kind = CallerKind::kToken, .subject = subject});
  };
  const uint64_t walter = OriginOfCall(1, "a", named("walter")).caller;
  EXPECT_EQ(OriginOfCall(2, "b", named("walter")).caller, walter);
  EXPECT_NE(OriginOfCall(1, "a", named("jane")).caller, walter);
}

TEST(OriginTest, OfAnonymousCallsItIsTheConnectionAndTheAuthorization) {
  const uint64_t one = OriginOfCall(1, "a").caller;
  EXPECT_EQ(OriginOfCall(1, "a").caller, one);
  EXPECT_NE(OriginOfCall(2, "a").caller, one);
}

// The values are not verified, so that a client can send a new one with each call.
TEST(OriginTest, AConnectionHasFewAnonymousCallers) {
  std::set<uint64_t> callers;
  for (int i = 0; i < 1000; ++i) callers.insert(OriginOfCall(1, absl::StrCat("token ", i)).caller);
  EXPECT_GT(callers.size(), 32U);
  EXPECT_LE(callers.size(), 64U);
}

TEST(OriginTest, TheClientIsThatOfTheConnectionIfTheCallerIsNotVerified) {
  EXPECT_EQ(OriginOfCall(1, "a").client, 17U);
  const auto walter =
      std::make_shared<Caller>(Caller{.kind = CallerKind::kToken, .subject = "walter"});
  EXPECT_EQ(OriginOfCall(1, "a", walter).client, 0U);
  EXPECT_EQ(OriginOf({.deadline = {}}).client, 0U);
}

}  // namespace
}  // namespace dataservice::test
