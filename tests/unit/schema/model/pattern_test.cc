#include <gtest/gtest.h>

#include "schema/model/checks.h"

namespace dataservice {
namespace {

using namespace schema;
std::string Translated(std::string_view pattern) {
  std::string out;
  return TranslatePattern(pattern, out) ? out : "refused";
}

TEST(Pattern, TheCommonSubsetStays) {
  for (const char* pattern :
       {"^[a-z]+$", "abc", "a|b", "(?:ab)*c", "a{2,3}", "[^x]", "\\.\\-", "", "(a)(b)?"}) {
    EXPECT_EQ(Translated(pattern), pattern);
  }
}

TEST(Pattern, WhatReadsDifferentlyIsTranslated) {
  EXPECT_EQ(Translated("a.b"), "a[^\\n]b");
  EXPECT_EQ(Translated("\\d\\w"), "[0-9][0-9A-Za-z_]");
  EXPECT_EQ(Translated("[\\d_]"), "[0-9_]");
}

TEST(Pattern, WhatHasNoEqualIsRefused) {
  for (const char* pattern :
       {"(?i)a", "\\z", "\\bword", "\\pL", "[[:alpha:]]", "a{256}", "a{,3}", "a*?", "a**", "a$b",
        "a^", "é", "(", ")", "[", "\\", "(?P<n>a)", "a{", "*"}) {
    EXPECT_EQ(Translated(pattern), "refused") << pattern;
  }
}

}  // namespace
}  // namespace dataservice
