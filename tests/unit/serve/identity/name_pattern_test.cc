#include "serve/identity/name_pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace dataservice {
namespace {

TEST(NamePattern, AStarStandsForAnyCharacters) {
  EXPECT_TRUE(MatchesPattern("*", ""));
  EXPECT_TRUE(MatchesPattern("*", "a/b"));
  EXPECT_TRUE(MatchesPattern("spiffe://a/*", "spiffe://a/gateway/1"));
  EXPECT_TRUE(MatchesPattern("a*b*c", "aXbbYbc"));
  EXPECT_TRUE(MatchesPattern("a**", "a"));
  EXPECT_FALSE(MatchesPattern("spiffe://a/*", "spiffe://ab/gateway"));
  EXPECT_FALSE(MatchesPattern("a*b*c", "aXbbYb"));
  EXPECT_FALSE(MatchesPattern("*b", "a"));
}

TEST(NamePattern, OtherCharactersStandForThemselves) {
  EXPECT_TRUE(MatchesPattern("a.b?[c]\\", "a.b?[c]\\"));
  EXPECT_FALSE(MatchesPattern("a.b", "axb"));
  EXPECT_FALSE(MatchesPattern("Gateway", "gateway"));
  EXPECT_FALSE(MatchesPattern("gateway", "gateway2"));
  EXPECT_FALSE(MatchesPattern("gateway", "gatewa"));
  EXPECT_FALSE(MatchesPattern("", "a"));
  EXPECT_TRUE(MatchesPattern("", ""));
}

TEST(NamePattern, ManyStarsTakeNoExponentialTime) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "a*";
  EXPECT_FALSE(MatchesPattern(pattern + "b", std::string(20000, 'a')));
}

}  // namespace
}  // namespace dataservice
