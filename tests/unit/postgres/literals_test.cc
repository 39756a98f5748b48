#include "postgres/literals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  EXPECT_THAT(Read("{\"a\"b,\"c\"}", false), ElementsAre());
}

std::vector<std::string> ReadBinary(std::string_view text, bool ok = true) {
  BinaryArrayReader reader(text);
  std::vector<std::string> out;
  std::string element;
  while (reader.Next(element)) out.push_back(element);
  EXPECT_EQ(reader.ok(), ok) << text;
  return out;
}

TEST(BinaryArrayReader, ReadsElements) {
  // No dimensions, no NULLs, elements of type 701.
  EXPECT_THAT(ReadBinary("0000000000000000000002bd"), ElementsAre());
  const std::string head = "0000000100000001000002bd0000000200000001";
  EXPECT_THAT(ReadBinary(head + "000000023ff0" + "ffffffff" + "00000000" + "00000001ab"),
              ElementsAre("3ff0", "", "ab"));
}

TEST(BinaryArrayReader, RefusesWhatIsBroken) {
  const std::string head = "0000000100000000000002bd0000000100000001";
  EXPECT_THAT(ReadBinary(head + "00000002ab", false), ElementsAre());
  EXPECT_THAT(ReadBinary(head + "7fffffffab", false), ElementsAre());
  EXPECT_THAT(ReadBinary(head + "000000", false), ElementsAre());
  EXPECT_THAT(ReadBinary("", false), ElementsAre());
  EXPECT_THAT(ReadBinary("000000020000000000", false), ElementsAre());
  // Of two dimensions.
  EXPECT_THAT(ReadBinary("0000000200000000000002bd00000001000000010000000100000001", false),
              ElementsAre());
}

}  // namespace
}  // namespace dataservice
