#include "serve/sql/condition.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "contract/fixture.h"
#include "golden.h"
#include "postgres/text.h"
#include "serve/filter/filter.h"

namespace dataservice::test {
namespace {

// The SQL of filters as a script that psql runs: each statement prepared and
// executed with the filter's values.
std::string Script(const Resource& resource, std::initializer_list<std::string_view> filters) {
  std::string out;
  for (const std::string_view text : filters) {
    const auto filter = ParseFilter(text, resource);
    EXPECT_TRUE(filter.ok()) << text << ": " << filter.status();
    if (!filter.ok()) continue;
    int next = 1;
    const std::string sql = ConditionSql(filter->condition, resource, "t", next);
    EXPECT_EQ(next - 1, filter->condition.values()) << text;
    std::string values;
    for (size_t i = 0; i < filter->values.size(); ++i) {
      absl::StrAppend(&values, values.empty() ? "(" : ", ", Literal(*filter->values[i]));
    }
    absl::StrAppend(&out, "-- ", std::string(text), "\nPREPARE c AS SELECT count(*) FROM ",
                    TableName(resource), " AS t WHERE ", sql, ";\nEXECUTE c", values,
                    values.empty() ? "" : ")", ";\nDEALLOCATE c;\n\n");
  }
  return out;
}

const Resource& Find(std::string_view message) {
  for (const auto& resource : TypesContract().resources()) {
    if (resource->message->name() == message) return *resource;
  }
  ADD_FAILURE() << message;
  return *TypesContract().resources().front();
}

TEST(ConditionSql, OfColumns) {
  ExpectGolden("types_conditions_columns.sql",
               Script(Find("Sample"),
                      {
                          "",
                          "i32 = 1",
                          "i32 != 1",
                          "opt_i32 = 1",
                          "opt_i32 != 1",
                          "i64 < 1 AND u32 <= 2 AND u64 > 3 AND s32 >= 4",
                          "real > 1.5 precise >= 1.5 opt_precise < 1.5 wrapped_double <= Infinity",
                          "text > \"foo\"",
                          "flag = true",
                          "data != \"AP8=\"",
                          "origin = ORIGIN_FIELD OR opt_origin != 2",
                          "id = 0189ABCD-0000-7000-8000-00000000000A",
                          "taken_time > 2012-04-21T11:30:00-04:00",
                          "effort <= 1.5s",
                          "due_date >= 2026-01-31",
                          "text = \"ab*\"",
                          "text != \"ab*\"",
                          "text = \"*50%\"",
                          "opt_text = \"*x*\"",
                          "opt_text = \"*\"",
                          "text = \"\xf4\x8f\xbf\xbf*\"",
                          "order_code = \"\"",
                          "order_code != \"\"",
                          "order_code = x",
                          "order_code != x",
                          "order_code <= x",
                          "order_code < \"\"",
                          "order_code > x",
                          "order_code = \"*\"",
                          "order_code = \"*x\"",
                          "opt_text = null",
                          "opt_text != null",
                          "part = null",
                          "NOT opt_i32 = 1",
                          "-(opt_i32 < 1 OR opt_text = x)",
                          "i32 = 1 (i64 = 2 OR i64 = 3) NOT u32 = 4",
                          "i32 = (1 OR 2) AND i64 != (3 OR 4)",
                          "flag:* i32:* text:* data:* origin:* precise:*",
                          "id:* opt_i32:* order_code:* taken_time:* create_time:* wrapped_text:*",
                          "labels:* part:* parts:* counts:* note:*",
                      }) +
                   Script(Find("Order"), {"code = \"a*\"", "user = x", "group > 1", "table:*"}) +
                   Script(Find("Counter"), {"number >= 5", "colour != red"}));
}

TEST(ConditionSql, InsideColumns) {
  ExpectGolden("types_conditions_inside.sql",
               Script(Find("Sample"), {
                                          "labels:x",
                                          "-labels:x",
                                          "labels:\"a*\"",
                                          "labels:\"**\"",
                                          "numbers:5 bigs:6 weights:0.5 flags:true",
                                          "origins:ORIGIN_LOST blobs:\"AP8=\"",
                                          "part.name = x",
                                          "part.name != x",
                                          "part.name = \"*x\"",
                                          "part.name >= x",
                                          "part.name:*",
                                          "part.share < 0.5",
                                          "part.share:*",
                                          "part.seen_time > 2026-01-02T03:04:05.5Z",
                                          "part.seen_time = null",
                                          "part:seen_time",
                                          "part:parts",
                                          "part.parts.name:x",
                                          "parts.name:x",
                                          "-parts.name:x",
                                          "parts.parts.parts.share:1",
                                          "parts.name:*",
                                          "price.units > 5 price.nanos = 0",
                                          "counts:red",
                                          "counts.red = 5",
                                          "counts.red != 5",
                                          "counts.red = null",
                                          "by_number.7.name = x",
                                          "by_number.7.parts.share:1",
                                          "by_number:7",
                                      }));
}

TEST(ConditionSql, NumbersParametersFromWhereItIsTold) {
  const auto filter = ParseFilter("i32 = 1 counts.red = 5", Find("Sample"));
  ASSERT_TRUE(filter.ok());
  int next = 4;
  const std::string sql = ConditionSql(filter->condition, Find("Sample"), "s", next);
  EXPECT_EQ(next, 7);
  EXPECT_EQ(sql,
            "(s.i32 = $4::integer AND substring((s.counts ->> $5::text), "
            "'^-?[0-9]{1,20}(?:[.]0+)?$')::numeric = $6::numeric)");
}

}  // namespace
}  // namespace dataservice::test
