#include "serve/filter/pattern.h"

#include <gtest/gtest.h>

#include "serve/filter/lexer.h"

namespace dataservice::filter {
namespace {

Word Quoted(std::string_view text) {
  Word word;
  Problem problem;
  EXPECT_TRUE(Lexer(text).TakeArgument(word, problem)) << problem.text;
  return word;
}

TEST(FilterPattern, StemHasNoStars) {
  EXPECT_EQ(Stem(Quoted("\"x*\"")), "x");
  EXPECT_EQ(Stem(Quoted("\"*x\"")), "x");
  EXPECT_EQ(Stem(Quoted("\"*x*\"")), "x");
  EXPECT_EQ(Stem(Quoted("\"*\"")), "");
  EXPECT_EQ(Stem(Quoted("\"**\"")), "");
  EXPECT_EQ(Stem(Quoted(R"("*\**")")), "*");
  EXPECT_EQ(Stem(Quoted(R"("\*x")")), "*x");
}

TEST(FilterPattern, LikeEscapesItsOwnCharacters) {
  EXPECT_EQ(LikePattern(Quoted("\"*x\"")), "%x");
  EXPECT_EQ(LikePattern(Quoted("\"*x*\"")), "%x%");
  EXPECT_EQ(LikePattern(Quoted("\"x*\"")), "x%");
  EXPECT_EQ(LikePattern(Quoted(R"("*100%_\\")")), R"(%100\%\_\\)");
}

TEST(FilterPattern, EndOfPrefixIsTheNextTextOfNoLongerLength) {
  EXPECT_EQ(EndOfPrefix("abc"), "abd");
  EXPECT_EQ(EndOfPrefix("a\x7f"), "a\xc2\x80");                // one byte to two
  EXPECT_EQ(EndOfPrefix("\xdf\xbf"), "\xe0\xa0\x80");          // two to three
  EXPECT_EQ(EndOfPrefix("\xef\xbf\xbf"), "\xf0\x90\x80\x80");  // three to four
  EXPECT_EQ(EndOfPrefix("\xed\x9f\xbf"), "\xee\x80\x80");      // surrogates are no text
  EXPECT_EQ(EndOfPrefix("a\xf4\x8f\xbf\xbf"), "b");            // U+10FFFF has no next
  EXPECT_EQ(EndOfPrefix("ü"), "ý");
  EXPECT_EQ(EndOfPrefix("😀"), "😁");
  EXPECT_EQ(EndOfPrefix("\xf4\x8f\xbf\xbf"), std::nullopt);
  EXPECT_EQ(EndOfPrefix("\xf4\x8f\xbf\xbf\xf4\x8f\xbf\xbf"), std::nullopt);
}

}  // namespace
}  // namespace dataservice::filter
