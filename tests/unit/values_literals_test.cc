#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "values/literals.h"

namespace dataservice {
namespace {

using testing::ElementsAre;

std::vector<std::string> Read(std::string_view text, bool ok = true) {
  ArrayReader reader(text);
  std::vector<std::string> out;
  std::string element;
  while (reader.Next(element)) out.push_back(element);
  EXPECT_EQ(reader.ok(), ok) << text;
  return out;
}

TEST(ArrayLiteral, QuotesWhatNeedsIt) {
  std::string out;
  ArrayLiteral array(out, /*quote=*/true);
  for (const char* text : {"", "a,b", "\"", "\\", "{}", "NULL", " "}) array.Add(text);
  array.Add(std::nullopt);
  array.Finish();
  EXPECT_EQ(out, R"({"","a,b","\"","\\","{}","NULL"," ",NULL})");
  EXPECT_THAT(Read(out), ElementsAre("", "a,b", "\"", "\\", "{}", "NULL", " "));
}

TEST(ArrayLiteral, PlainElements) {
  std::string out;
  ArrayLiteral array(out, /*quote=*/false);
  array.Add("1");
  array.Add("-2");
  array.Finish();
  EXPECT_EQ(out, "{1,-2}");
  EXPECT_THAT(Read("{1,-2}"), ElementsAre("1", "-2"));
}

TEST(ArrayReader, EmptyAndBroken) {
  EXPECT_THAT(Read("{}"), ElementsAre());
  EXPECT_THAT(Read("{\"a", false), ElementsAre());
  EXPECT_THAT(Read("", false), ElementsAre());
  EXPECT_THAT(Read("{\"a}", false), ElementsAre());
}

}  // namespace
}  // namespace dataservice
