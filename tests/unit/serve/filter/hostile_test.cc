// Filters that want to break something.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "contract/fixture.h"
#include "contract/rules/utf8.h"
#include "engine_limits.h"
#include "serve/filter/filter.h"
#include "serve/sql/condition.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

const Resource& Sample() {
  static const Resource& resource = *TypesContract().resources()[1];
  EXPECT_EQ(resource.message->name(), "Sample");
  return resource;
}

// The problem; empty for an accepted filter.
std::string Problem(std::string_view text) {
  const auto filter = ParseFilter(text, Sample());
  return filter.ok() ? "" : std::string(filter.status().message());
}

std::string Sql(std::string_view text) {
  const auto filter = ParseFilter(text, Sample());
  EXPECT_TRUE(filter.ok()) << filter.status();
  int next = 1;
  return filter.ok() ? ConditionSql(filter->condition, Sample(), "t", next) : "";
}

std::string Times(int count, std::string_view text) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(FilterHostile, LengthIsLimited) {
  const std::string longest =
      absl::StrCat("text = \"", std::string(kMaxFilterBytes - 9, 'x'), "\"");
  EXPECT_EQ(longest.size(), kMaxFilterBytes);
  EXPECT_EQ(Problem(longest), "");
  EXPECT_EQ(Problem(longest + " "), "value must be at most 8192 bytes");
  EXPECT_EQ(Problem(std::string(1 << 20, '(')), "value must be at most 8192 bytes");
}

TEST(FilterHostile, DepthIsLimited) {
  EXPECT_THAT(Problem(std::string(kMaxFilterBytes, '(')), HasSubstr("nested deeper than 32"));
  EXPECT_THAT(Problem(Times(1000, "NOT(")), HasSubstr("nested deeper than 32"));
  EXPECT_THAT(Problem(Times(1000, "-(")), HasSubstr("nested deeper than 32"));
  EXPECT_THAT(Problem("i32=" + Times(1000, "(")), HasSubstr("nested deeper than 32"));
  EXPECT_THAT(Problem(std::string(1000, '-')), HasSubstr("stand alone"));
  EXPECT_THAT(Problem(Times(1000, "parts.") + "name:x"), HasSubstr("more than 10 parts"));
}

TEST(FilterHostile, CostIsLimited) {
  EXPECT_EQ(Problem(Times(kMaxFilterComparisons, "i32=1 ")), "");
  EXPECT_THAT(Problem(Times(kMaxFilterComparisons + 1, "i32=1 ")), HasSubstr("more than 100"));
  EXPECT_THAT(Problem("i32=(" + Times(500, "1 ") + ")"), HasSubstr("more than 100"));
  EXPECT_EQ(Problem(Times(33, "part.name:x ")), "");
  EXPECT_THAT(Problem(Times(34, "part.name:x ")), HasSubstr("counts as several"));
}

TEST(FilterHostile, NoFilterPinsRdsProxy) {
  const std::string nested = "parts.parts.parts.parts.parts.parts.parts.parts.parts.share:1 ";
  for (const std::string& costly :
       {Times(100, "wrapped_double > 1 "), Times(100, "order_code < \"x\" "),
        Times(33, "part.share > 1 "), Times(25, "parts.share:1 "), Times(5, nested)}) {
    ASSERT_EQ(Problem(costly), "");
    // With the columns of the result it stays under 16 KB.
    EXPECT_LT(Sql(costly).size(), 12U * 1024) << costly;
  }
  EXPECT_NE(Problem(Times(6, nested)), "");
}

TEST(FilterHostile, TextsThatPostgresCannotHold) {
  EXPECT_EQ(Problem(std::string_view("text = \"a\0b\"", 12)),
            "at character 10: value must not contain a NUL character");
  EXPECT_EQ(Problem("text = \"\xff\""), "value must be UTF-8");
  EXPECT_EQ(Problem("text = \"\xed\xa0\x80\""), "value must be UTF-8");
  EXPECT_EQ(Problem("text = \"\xc3"), "value must be UTF-8");
}

TEST(FilterHostile, NothingOfARequestIsInTheSql) {
  constexpr std::string_view kEvil = R"('; DROP TABLE types.sample; --$1\\)";
  const std::string quoted = absl::StrCat("\"", std::string(kEvil), "\"");
  for (const std::string_view field :
       {"text", "opt_text", "part.name", "parts.name", "labels", "wrapped_text"}) {
    const std::string sql = Sql(absl::StrCat(std::string(field), ":", quoted));
    EXPECT_EQ(sql.find("DROP"), std::string::npos) << sql;
    EXPECT_NE(sql.find("$1::text"), std::string::npos) << sql;
  }
  const std::string sql = Sql(absl::StrCat("counts.", quoted, " = 1 counts:", quoted));
  EXPECT_EQ(sql.find("DROP"), std::string::npos) << sql;
  for (const std::string_view field : {"'; DROP", "\"text\"", "1 OR 1", "text;", "t.text", "*"}) {
    EXPECT_NE(Problem(absl::StrCat(std::string(field), " = 1")), "") << field;
  }
}

TEST(FilterHostile, LongNamesAreCutInMessages) {
  EXPECT_LT(Problem(std::string(8000, 'x') + "=1").size(), 150U);
  EXPECT_LT(Problem("part." + std::string(8000, 'x') + "=1").size(), 150U);
  EXPECT_LT(Problem("counts." + std::string(8000, 'x') + "=y").size(), 150U);
  EXPECT_TRUE(rules::IsUtf8(Problem(Times(2000, "\xf0\x9f\x98\x80") + "=1")));
  EXPECT_TRUE(rules::IsUtf8(Problem("x" + Times(2000, "\xc3\xbc") + "=1")));
}

// Random pieces: whatever comes out, it comes out.
TEST(FilterHostile, RandomTexts) {
  constexpr std::string_view kPieces[] = {"text",
                                          "i32",
                                          "part",
                                          "name",
                                          "parts",
                                          "labels",
                                          "counts",
                                          ".",
                                          ":",
                                          "=",
                                          "!=",
                                          "<",
                                          ">=",
                                          "(",
                                          ")",
                                          " ",
                                          " ",
                                          "AND",
                                          "OR",
                                          "-",
                                          "NOT",
                                          "\"",
                                          "'",
                                          "*",
                                          "\\",
                                          "1",
                                          "1.5",
                                          "true",
                                          "null",
                                          "20s",
                                          ",",
                                          "\n",
                                          "\"x*\"",
                                          "seen_time",
                                          "2012-04-21T11:30:00Z",
                                          "\xc3\xbc",
                                          "ORIGIN_FIELD",
                                          "origins",
                                          "by_number"};
  std::mt19937 random(160);
  int accepted = 0;
  for (int i = 0; i < 50000; ++i) {
    std::string text;
    const int count = static_cast<int>(random() % 12);
    for (int j = 0; j < count; ++j) text += kPieces[random() % std::size(kPieces)];
    const auto filter = ParseFilter(text, Sample());
    if (!filter.ok()) {
      EXPECT_FALSE(filter.status().message().empty());
      continue;
    }
    ++accepted;
    int next = 1;
    ConditionSql(filter->condition, Sample(), "t", next);
    EXPECT_EQ(next - 1, filter->condition.values()) << text;
    EXPECT_EQ(filter->values.size(), static_cast<size_t>(next - 1)) << text;
  }
  EXPECT_GT(accepted, 100);
}

}  // namespace
}  // namespace dataservice::test
