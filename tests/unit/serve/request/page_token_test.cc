#include "serve/request/page_token.h"

#include <gtest/gtest.h>

namespace dataservice {
namespace {

TEST(PageToken, BelongsToItsScopeAndKey) {
  const PageTokenSigner signer("key of sixteen b");
  const std::string position("any\0bytes", 9);
  const std::string token = signer.Sign("scope", position);
  EXPECT_EQ(signer.Verify("scope", token), position);
  EXPECT_EQ(signer.Verify("other", token), std::nullopt);
  EXPECT_EQ(PageTokenSigner("another key of 16").Verify("scope", token), std::nullopt);
  // The border between scope and position is part of it.
  EXPECT_EQ(PageTokenSigner("k").Verify("scop", PageTokenSigner("k").Sign("scope", "x")),
            std::nullopt);
}

TEST(PageToken, EveryEditIsSeen) {
  const PageTokenSigner signer("key");
  const std::string token = signer.Sign("scope", "0123456789");
  for (size_t i = 0; i < token.size(); ++i) {
    std::string edited = token;
    edited[i] = edited[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(signer.Verify("scope", edited), std::nullopt) << i;
  }
  for (const char* more : {" ", "=", "==", "\n", "A"}) {
    EXPECT_EQ(signer.Verify("scope", token + more), std::nullopt) << more;
  }
  for (const char* bad : {"", "A", "!!!!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    EXPECT_EQ(signer.Verify("scope", bad), std::nullopt) << bad;
  }
}

// Servers of other versions, under the same key, take them too.
TEST(PageToken, IsHmacSha256OfLengthScopeAndPosition) {
  const PageTokenSigner signer("key of sixteen b");
  EXPECT_EQ(signer.Sign("scope", "3:abc"), "WIq11xlpqjP9c_W6GIADNDM6YWJj");
  // One MAC leaves nothing to the next.
  EXPECT_EQ(signer.Sign("scope", "3:abc"), "WIq11xlpqjP9c_W6GIADNDM6YWJj");
}

TEST(PageToken, RandomKeysDiffer) { EXPECT_NE(RandomTokenKey(), RandomTokenKey()); }

}  // namespace
}  // namespace dataservice
