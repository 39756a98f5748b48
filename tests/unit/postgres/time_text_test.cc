#include "postgres/time_text.h"

#include <gtest/gtest.h>

namespace dataservice {
namespace {

std::string Text(int64_t seconds, int32_t nanos) {
  std::string out;
  AppendTimestamp({seconds, nanos}, out);
  return out;
}

TEST(Timestamp, WritesTheWholeRange) {
  EXPECT_EQ(Text(0, 0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(Text(-1, 999999999), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(Text(-62135596800, 0), "0001-01-01T00:00:00.000000Z");
  // Truncated: PostgreSQL would round this to the year 10000.
  EXPECT_EQ(Text(253402300799, 999999999), "9999-12-31T23:59:59.999999Z");
}

TEST(Timestamp, ReadsWhatPostgresqlWrites) {
  Instant time;
  ASSERT_TRUE(ParseTimestamp("1969-12-31 23:59:59.5+00", time));
  EXPECT_EQ(time.seconds, -1);
  EXPECT_EQ(time.nanos, 500000000);
  ASSERT_TRUE(ParseTimestamp("0001-01-01 00:00:00+00", time));
  EXPECT_EQ(time.seconds, -62135596800);
  ASSERT_TRUE(ParseTimestamp("9999-12-31 23:59:59.999999+00", time));
  EXPECT_EQ(time.seconds, 253402300799);
}

// timestamptz_send(): microseconds since 2000.
TEST(Timestamp, ReadsTheBinaryForm) {
  Instant time;
  ASSERT_TRUE(ParseTimestamp("0000000000000000", time));
  EXPECT_EQ(time.seconds, 946684800);
  EXPECT_EQ(time.nanos, 0);
  ASSERT_TRUE(ParseTimestamp("ffffffffffffffff", time));
  EXPECT_EQ(time.seconds, 946684799);
  EXPECT_EQ(time.nanos, 999999000);
  // 0001-01-01, and the microsecond before it.
  ASSERT_TRUE(ParseTimestamp("ff1fe2ffc59c6000", time));
  EXPECT_EQ(time.seconds, -62135596800);
  EXPECT_FALSE(ParseTimestamp("ff1fe2ffc59c5fff", time));
  // The last microsecond of 9999, and the next one.
  ASSERT_TRUE(ParseTimestamp("0380e70b913b7fff", time));
  EXPECT_EQ(time.seconds, 253402300799);
  EXPECT_EQ(time.nanos, 999999000);
  EXPECT_FALSE(ParseTimestamp("0380e70b913b8000", time));
  // -infinity, infinity, and a character that is no digit.
  EXPECT_FALSE(ParseTimestamp("8000000000000000", time));
  EXPECT_FALSE(ParseTimestamp("7fffffffffffffff", time));
  EXPECT_FALSE(ParseTimestamp("000000000000000g", time));
}

TEST(Timestamp, ReadsEveryTimeZone) {
  Instant time;
  ASSERT_TRUE(ParseTimestamp("1970-01-01 05:30:00.25+05:30", time));
  EXPECT_EQ(time.seconds, 0);
  EXPECT_EQ(time.nanos, 250000000);
  ASSERT_TRUE(ParseTimestamp("1969-12-31 20:29:08-03:30:52", time));
  EXPECT_EQ(time.seconds, 0);
  ASSERT_TRUE(ParseTimestamp("1970-01-01 14:00:00+14", time));
  EXPECT_EQ(time.seconds, 0);
}

TEST(Timestamp, ReadsEveryDay) {
  // From the first of the range to the last, in the order of the calendar.
  constexpr int64_t kDay = 86400;
  int64_t days = 0;
  for (int64_t seconds = -62135596800; seconds <= 253402300799; seconds += kDay, ++days) {
    std::string text = Text(seconds, 0);
    text[10] = ' ';
    text.replace(19, std::string::npos, "+00");
    Instant time;
    ASSERT_TRUE(ParseTimestamp(text, time)) << text;
    ASSERT_EQ(time.seconds, seconds) << text;
  }
  EXPECT_EQ(days, 3652059);
}

TEST(Timestamp, RefusesWhatItCannotHold) {
  Instant time;
  for (const char* text :
       {"infinity", "-infinity", "0044-03-15 00:00:00+00 BC", "10000-01-01 00:00:00+00",
        "2026-01-01 00:00:00+0", "2026-01-01 00:00:00 01", "2026-01-01 00:00:00+01:3",
        "2026-01-01 00:00:00+01:00:00:00", "0001-01-01 00:00:00+01", "2026-01-01 00:00:00",
        "2026-01-01", "2026-01-01T00:00:00+00", "2026-0a-01 00:00:00+00", "2026-01-01 00:00:0:+00",
        "0000-01-01 00:00:00+00", ""}) {
    EXPECT_FALSE(ParseTimestamp(text, time)) << text;
  }
  EXPECT_FALSE(IsValidTimestamp({253402300800, 0}));
  EXPECT_FALSE(IsValidTimestamp({-62135596801, 0}));
  EXPECT_FALSE(IsValidTimestamp({0, -1}));
  EXPECT_FALSE(IsValidTimestamp({0, 1000000000}));
}

TEST(Duration, BothSigns) {
  std::string out;
  AppendInterval(-3661, -500000000, out);
  EXPECT_EQ(out, "-01:01:01.500000");
  out.clear();
  AppendInterval(315576000000, 0, out);
  EXPECT_EQ(out, "87660000:00:00.000000");
  int64_t seconds;
  int32_t nanos;
  ASSERT_TRUE(ParseInterval("-0.500000", seconds, nanos));
  EXPECT_EQ(seconds, 0);
  EXPECT_EQ(nanos, -500000000);
  EXPECT_FALSE(IsValidDuration(1, -1));
  EXPECT_FALSE(IsValidDuration(315576000001, 0));
}

// interval_send(): microseconds, days, months.
TEST(Duration, ReadsAnIntervalsBytes) {
  const auto read = [](std::string_view text) {
    int64_t seconds = 0;
    int32_t nanos = 0;
    if (!ParseInterval(text, seconds, nanos)) return std::string("none");
    return std::to_string(seconds) + " " + std::to_string(nanos);
  };
  EXPECT_EQ(read("00000000000000000000000000000000"), "0 0");
  EXPECT_EQ(read("fffffffffff85ee00000000000000000"), "0 -500000000");
  EXPECT_EQ(read("00000000000f42410000000000000000"), "1 1000");
  EXPECT_EQ(read("000000000000000100000001ffffffff"), "-2505599 -999999000");
  EXPECT_EQ(read("000000000000000000000000ffffffff"), "-2592000 0");
  EXPECT_EQ(read("0000000000000000000000000000000d"), "34149600 0");  // a year and a month
  EXPECT_EQ(read("ffffffffffffffff0000000100000000"), "86399 999999000");
  EXPECT_EQ(read("7fffffffffffffff7fffffff7fffffff"), "none");  // infinity
  EXPECT_EQ(read("80000000000000008000000080000000"), "none");
  EXPECT_EQ(read("f000000000000000000000000000000"), "none");
  EXPECT_EQ(read("f00000000000000000000000000000000"), "none");
  EXPECT_EQ(read("g0000000000000000000000000000000"), "none");
}

TEST(Date, OnlyRealOnes) {
  std::string out;
  EXPECT_TRUE(AppendDate(2024, 2, 29, out));
  EXPECT_EQ(out, "2024-02-29");
  EXPECT_FALSE(AppendDate(2023, 2, 29, out));
  EXPECT_FALSE(AppendDate(2024, 0, 1, out));
  EXPECT_FALSE(AppendDate(0, 1, 1, out));
  EXPECT_FALSE(AppendDate(10000, 1, 1, out));
  int year = 0;
  int month = 0;
  int day = 0;
  EXPECT_TRUE(ParseDate("2024-02-29", year, month, day));
  EXPECT_TRUE(year == 2024 && month == 2 && day == 29);
  for (const char* text : {"2023-02-29", "2020-1-631", "0000-01-01", "10000-01-01", "2024-02-29 "})
    EXPECT_FALSE(ParseDate(text, year, month, day)) << text;
}

}  // namespace
}  // namespace dataservice
