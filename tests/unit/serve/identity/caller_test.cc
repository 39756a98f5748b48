#include "serve/identity/caller.h"

#include <gtest/gtest.h>

#include <set>

namespace dataservice {
namespace {

std::string KeyOf(CallerKind kind, const std::string& issuer, const std::string& subject) {
  return CallerKey({.kind = kind, .subject = subject, .issuer = issuer});
}

TEST(Caller, ARenewedTokenHasTheSameKey) {
  Caller caller{.kind = CallerKind::kToken, .subject = "7", .issuer = "a"};
  (*caller.claims.mutable_fields())["exp"].set_number_value(5);
  caller.scopes = {"read"};
  EXPECT_EQ(CallerKey(caller), KeyOf(CallerKind::kToken, "a", "7"));
}

TEST(Caller, KindIssuerAndSubjectTellCallersApart) {
  const std::set<std::string> keys = {
      CallerKey(*AnonymousCaller()),
      KeyOf(CallerKind::kCertificate, "", "7"),
      KeyOf(CallerKind::kToken, "", "7"),
      KeyOf(CallerKind::kToken, "a", "7"),
      KeyOf(CallerKind::kToken, "b", "7"),
      KeyOf(CallerKind::kToken, "a", "8"),
      KeyOf(CallerKind::kToken, "a subject=b", "c"),
      KeyOf(CallerKind::kToken, "a", "b subject=c"),
  };
  EXPECT_EQ(keys.size(), 8U);
}

TEST(Caller, TheAnonymousOneHasNothing) {
  EXPECT_EQ(AnonymousCaller()->kind, CallerKind::kAnonymous);
  EXPECT_EQ(AnonymousCaller()->subject, "");
  EXPECT_EQ(AnonymousCaller(), AnonymousCaller());
}

}  // namespace
}  // namespace dataservice
