// What a filter may name and compare, on a resource with every type.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/hash/hash_testing.h"
#include "absl/strings/str_cat.h"
#include "contract/fixture.h"
#include "serve/filter/filter.h"
#include "serve/sql/condition.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

constexpr const char* kUuid = "0189ABCD-0000-7000-8000-00000000000a";

const Resource& Resource(std::string_view message) {
  for (const auto& resource : TypesContract().resources()) {
    if (resource->message->name() == message) return *resource;
  }
  ADD_FAILURE() << message;
  return *TypesContract().resources().front();
}

// The values of an accepted filter, "a|b"; else the problem.
std::string Values(std::string_view text, std::string_view message = "Sample") {
  const auto filter = ParseFilter(text, Resource(message));
  if (!filter.ok()) return std::string(filter.status().message());
  EXPECT_EQ(static_cast<size_t>(filter->condition.values()), filter->values.size()) << text;
  std::string out;
  for (size_t i = 0; i < filter->values.size(); ++i) {
    out += i == 0 ? "" : "|";
    out += *filter->values[i];
  }
  return out;
}

// The same of a row that has a google.type.Decimal.
std::string ThingValues(std::string_view text) {
  const auto& thing = *ValuesContract().resources().front();
  const auto filter = ParseFilter(text, thing);
  if (!filter.ok()) return std::string(filter.status().message());
  int next = 1;
  return absl::StrCat(ConditionSql(filter->condition, thing, "t", next), " | ",
                      std::string(*filter->values[filter->values.size() - 1]));
}

TEST(FilterDecimals, AreComparedAsNumbers) {
  EXPECT_THAT(ThingValues("decimal.value < 10"), HasSubstr("->> 'value', '0')"));
  for (const char* text : {"decimal.value < 10", "decimals.value:2.50", "rates.k.value != -1e3",
                           "decimal.value = \".5\""}) {
    EXPECT_THAT(ThingValues(text), HasSubstr("::numeric")) << text;
  }
  for (const char* text : {"decimal.value = abc", "decimal.value = \"\"", "decimal.value = \"1*\"",
                           "decimal.value > Infinity", "decimal.value < 1e10000"}) {
    EXPECT_THAT(ThingValues(text), HasSubstr("value must be a decimal number")) << text;
  }
  EXPECT_THAT(ThingValues("decimal > 5"), HasSubstr("compare one of its fields"));
}

Condition ConditionOf(std::string_view text) {
  const auto filter = ParseFilter(text, Resource("Sample"));
  EXPECT_TRUE(filter.ok()) << filter.status();
  return filter.ok() ? filter->condition : Condition();
}

TEST(FilterMembers, AreStoredFields) {
  for (const char* name : {"sample_count", "sampleCount"}) {
    EXPECT_THAT(Values(absl::StrCat(name, " > 1"), "Order"),
                HasSubstr(absl::StrCat("field '", name,
                                       "' is computed; a filter compares stored fields only")));
  }
}

TEST(FilterCheck, ValuesAreConvertedToTheColumnsType) {
  EXPECT_EQ(Values("flag = true"), "true");
  EXPECT_EQ(Values("flag = \"false\""), "false");
  EXPECT_EQ(Values("i32 = -2147483648 i32 = 007"), "-2147483648|7");
  EXPECT_EQ(Values("i64 = 9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(Values("u32 = 4294967295"), "4294967295");
  EXPECT_EQ(Values("u64 = 18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(Values("real = 0.1 precise = 0.1"), "0.1|0.1");
  EXPECT_EQ(Values("real = 16777217"), "16777216");
  EXPECT_EQ(Values("precise > 2.997e9 precise > -1E-3"), "2.997e+09|-0.001");
  EXPECT_EQ(Values("precise < Infinity precise > -Infinity"), "Infinity|-Infinity");
  EXPECT_EQ(Values("text = Hugo text = 'Victor Hugo' text = 5"), "Hugo|Victor Hugo|5");
  EXPECT_EQ(Values("text = true text = \"null\""), "true|null");
  EXPECT_EQ(Values("data = \"AP8=\" data = AP8"), "\\x00ff|\\x00ff");
  EXPECT_EQ(Values("data = \"-_8=\""), "\\xfbff");
  EXPECT_EQ(Values("origin = ORIGIN_FIELD origin != 2 origin = -1"), "1|2|-1");
  EXPECT_EQ(Values(absl::StrCat("id = ", kUuid)), "0189abcd-0000-7000-8000-00000000000a");
  EXPECT_EQ(Values("wrapped_i32 = 5 wrapped_text = x"), "5|x");
  EXPECT_EQ(Values("due_date >= 2026-02-28"), "2026-02-28");
  EXPECT_EQ(Values("effort < 20s effort = 1.5s effort = -3661.000001999s"),
            "00:00:20.000000|00:00:01.500000|-01:01:01.000001");
}

TEST(FilterCheck, TimesHaveOffsetsAndAreCutOffToMicroseconds) {
  EXPECT_EQ(Values("taken_time > 2012-04-21T11:30:00-04:00"), "2012-04-21T15:30:00.000000Z");
  EXPECT_EQ(Values("taken_time > \"2012-04-21T11:30:00.1234569Z\""), "2012-04-21T11:30:00.123456Z");
  EXPECT_EQ(Values("taken_time > 2012-04-21t11:30:00z"), "2012-04-21T11:30:00.000000Z");
  EXPECT_EQ(Values("create_time = 0001-01-01T00:00:00Z update_time = 9999-12-31T23:59:59Z"),
            "0001-01-01T00:00:00.000000Z|9999-12-31T23:59:59.000000Z");
}

TEST(FilterCheck, ValuesInsideMessagesAreAsProtoJsonHasThem) {
  EXPECT_EQ(Values("part.name = x part.share = 0.1 part.share < -Infinity"), "x|0.1|-1e999");
  EXPECT_EQ(Values("part.seen_time < 2026-01-02T03:04:05+01:00"), "2026-01-02T02:04:05");
  EXPECT_EQ(Values("part.seen_time < 2026-01-02T03:04:05.5Z"), "2026-01-02T03:04:05.500");
  EXPECT_EQ(Values("part.seenTime < 2026-01-02T03:04:05.000000001Z"),
            "2026-01-02T03:04:05.000000001");
  EXPECT_EQ(Values("price.currency_code = EUR price.units >= 5"), "EUR|5");
}

TEST(FilterCheck, KeysOfMapsAreValues) {
  EXPECT_EQ(Values("counts:red"), "red");
  EXPECT_EQ(Values("counts.red = 5 counts.\"a b\".*:1"),
            "at character 29: field 'counts.a b' is compared as a whole; it has no fields");
  EXPECT_EQ(Values("counts.red = 5 counts.\"a b\":1"), "red|5|a b|1");
  EXPECT_EQ(Values("counts.red:*"), "red");
  EXPECT_EQ(Values("by_number.-7.name = \"x*\""), "-7|x%");
  EXPECT_THAT(Values("by_number.07:*"), HasSubstr("has no keys like '07'"));
  EXPECT_THAT(Values("by_number:red"), HasSubstr("has no keys like 'red'"));
  EXPECT_THAT(Values("counts.red = x"), HasSubstr("field 'counts.red': value must be an integer"));
}

TEST(FilterCheck, RepeatedFieldsAreComparedByTheirElements) {
  EXPECT_EQ(Values("labels:x labels:\"a*\" numbers:5 flags:true origins:ORIGIN_LOST bigs:7"),
            "x|a%|5|true|-1|7");
  EXPECT_EQ(Values("blobs:\"AP8=\" weights:0.5"), "\\x00ff|0.5");
  EXPECT_EQ(Values("parts.name:x parts.parts.share:1 -parts.name:y"), "x|1|y");
  EXPECT_EQ(Values("labels:* parts:* parts.name:*"), "");
  EXPECT_THAT(Values("labels = x"), HasSubstr("at character 8: field 'labels': is repeated"));
  EXPECT_THAT(Values("parts.name = x"), HasSubstr("leads through a repeated field; use ':'"));
  EXPECT_THAT(Values("parts:x"), HasSubstr("has elements with fields of their own"));
  EXPECT_THAT(Values("labels.x:1"), HasSubstr("field 'labels' has no fields"));
}

TEST(FilterCheck, PatternsAreForStrings) {
  EXPECT_EQ(Values("text = \"ab*\""), "ab|ac");
  EXPECT_EQ(Values("text = \"*50%_\\\\\" text:*x* text != \"y*\""), "%50\\%\\_\\\\|%x%|y|z");
  EXPECT_EQ(Values("text = \"*\" text:\"*\" text = \"**\""), "");
  EXPECT_EQ(Values(R"(text = "\*" text = "a\*")"), "*|a*");
  EXPECT_EQ(Values("text = \"\xf4\x8f\xbf\xbf*\""), "\xf4\x8f\xbf\xbf");
  EXPECT_THAT(Values("text = \"a*b\""), HasSubstr("a star stands at the start or end"));
  EXPECT_THAT(Values("text < \"a*\""), HasSubstr("stars are for"));
  EXPECT_THAT(Values("i32 = 5*"), HasSubstr("value must be an integer"));
  EXPECT_THAT(Values("i32 = *"), HasSubstr("value must be an integer"));
  EXPECT_THAT(Values("id = \"0189*\""), HasSubstr("without wildcards"));
  EXPECT_EQ(Values("part.name = \"ab*\" counts.\"a*\" = 1"), "ab%|a*|1");
}

TEST(FilterCheck, NullIsForFieldsWithPresence) {
  const Condition absent = ConditionOf("opt_text = null");
  EXPECT_EQ(absent.comparison.op, Operator::kAbsent);
  EXPECT_EQ(ConditionOf("opt_text != null").comparison.op, Operator::kAnyValue);
  EXPECT_EQ(ConditionOf("part = null").comparison.op, Operator::kAbsent);
  EXPECT_EQ(ConditionOf("part.seen_time = null").comparison.op, Operator::kAbsent);
  EXPECT_EQ(ConditionOf("counts.red = null").comparison.op, Operator::kAbsent);
  EXPECT_EQ(ConditionOf("opt_text = \"null\"").comparison.op, Operator::kEqual);
  EXPECT_THAT(Values("text = null"), HasSubstr("value is never null"));
  EXPECT_THAT(Values("i32 != null"), HasSubstr("value is never null"));
  EXPECT_THAT(Values("opt_i32 < null"), HasSubstr("is compared with null"));
}

TEST(FilterCheck, AZeroThatIsNullIsComparedAsSuch) {
  EXPECT_EQ(ConditionOf("order_code = \"\"").comparison.op, Operator::kAbsent);
  EXPECT_EQ(ConditionOf("order_code != \"\"").comparison.op, Operator::kPresent);
  EXPECT_EQ(ConditionOf("order_code > \"\"").comparison.op, Operator::kPresent);
  EXPECT_EQ(ConditionOf("order_code <= \"\"").comparison.op, Operator::kAbsent);
  EXPECT_EQ(ConditionOf("order_code >= \"\"").comparison.op, Operator::kAnyValue);
  EXPECT_EQ(ConditionOf("order_code < \"\"").kind, Condition::Kind::kNot);
  EXPECT_EQ(ConditionOf("order_code = \"x\"").comparison.op, Operator::kEqual);
  EXPECT_EQ(Values("text = \"\" order_code = \"\""), "");
}

TEST(FilterCheck, AZeroNumberThatIsNullIsComparedAsSuch) {
  const InlineContract contract(R"(
    message Box {
      option (storage.v1.table) = {};
      int64 number = 1 [(google.api.field_behavior) = IDENTIFIER];
      int64 inside = 2 [(storage.v1.column).references = {resource: "Box"}];
    })");
  ASSERT_EQ(contract.Refusal(), "");
  const auto sql = [&](std::string_view text) {
    const auto filter = ParseFilter(text, contract.resource());
    EXPECT_TRUE(filter.ok()) << filter.status();
    int next = 1;
    return filter.ok() ? ConditionSql(filter->condition, contract.resource(), "t", next) : "";
  };
  EXPECT_EQ(sql("inside = 0"), "t.inside IS NULL");
  EXPECT_EQ(sql("inside = -00"), "t.inside IS NULL");
  EXPECT_EQ(sql("inside != 0"), "t.inside IS NOT NULL");
  EXPECT_EQ(sql("inside != 5"), "t.inside IS DISTINCT FROM $1::bigint");
  EXPECT_EQ(sql("inside > -1"), "coalesce(t.inside, 0) > $1::bigint");
  EXPECT_EQ(sql("inside <= 0"), "coalesce(t.inside, 0) <= $1::bigint");
}

TEST(FilterCheck, PresenceOfFieldsOfMessages) {
  EXPECT_EQ(ConditionOf("part:name"), ConditionOf("part.name:*"));
  EXPECT_EQ(ConditionOf("part:*").comparison.op, Operator::kPresent);
  EXPECT_EQ(ConditionOf("counts:red"), ConditionOf("counts.red:*"));
  EXPECT_EQ(ConditionOf("counts:red").comparison.op, Operator::kAnyValue);
  EXPECT_EQ(ConditionOf("opt_text:*"), ConditionOf("opt_text:\"*\""));
  EXPECT_THAT(Values("part:nose"), HasSubstr("field 'part' has no field 'nose'"));
}

TEST(FilterCheck, FieldsGoByBothSpellings) {
  EXPECT_EQ(ConditionOf("optText = x"), ConditionOf("opt_text = x"));
  EXPECT_EQ(ConditionOf("part.seenTime:*"), ConditionOf("part.seen_time:*"));
}

struct Refusal {
  std::string_view filter;
  std::string_view problem;
};

TEST(FilterCheck, RefusesWithCharacterAndField) {
  constexpr Refusal kRefusals[] = {
      {"i32 = abc", "at character 7: field 'i32': value must be an integer"},
      {"text = ü AND nose = 1", "at character 14: there is no field 'nose'"},
      {"text = '😀' AND i32 = x", "at character 22: field 'i32': value must be an integer"},
      {"i32 = 1.5", "at character 7: field 'i32': value must be an integer"},
      {"i32 = 2147483648",
       "at character 7: field 'i32': value must be an integer between -2147483648 and 2147483647"},
      {"u32 = -1",
       "at character 7: field 'u32': value must be an integer between 0 and 4294967295"},
      {"real = 1e39",
       "at character 8: field 'real': value is too large or too small a number for "
       "its field"},
      {"precise = NaN", "at character 11: field 'precise': value must be a number"},
      {"precise = inf", "at character 11: field 'precise': value must be a number"},
      {"precise = 0x10", "at character 11: field 'precise': value must be a number"},
      {"precise = +1", "at character 11: field 'precise': value must be a number"},
      {"precise = 1.", "at character 11: field 'precise': value must be a number"},
      {"flag = TRUE", "at character 8: field 'flag': value must be true or false"},
      {"flag < true", "at character 6: field 'flag': has no order; use '=' or '!='"},
      {"origin > 1", "at character 8: field 'origin': has no order; use '=' or '!='"},
      {"data >= \"AA==\"", "at character 6: field 'data': has no order; use '=' or '!='"},
      {"origin = origin_field",
       "at character 10: field 'origin': value must be the name or number of a value of "
       "types.v1.Origin"},
      {"origin = 99",
       "at character 10: field 'origin': value must be the name or number of a value of "
       "types.v1.Origin"},
      {"data = \"???\"", "at character 8: field 'data': value must be base64"},
      {"id = x", "at character 6: field 'id': value must be a valid UUID, without wildcards"},
      {"etag = x", "at character 1: field 'etag' cannot be compared; use update_time"},
      {"\"text\" = x", "at character 1: a field's name is expected here, not a string"},
      {"text.x = 1", "at character 6: field 'text' is compared as a whole; it has no fields"},
      {"taken_time.seconds = 1",
       "at character 12: field 'taken_time' is compared as a whole; it has no fields"},
      {"due_date.year = 1",
       "at character 10: field 'due_date' is compared as a whole; it has no fields"},
      {"part = x",
       "at character 6: field 'part': is a message; compare one of its fields, or use ':'"},
      {"counts = x",
       "at character 8: field 'counts': is a map; compare one of its entries, or use ':'"},
      {"part.nose = x", "at character 6: field 'part' has no field 'nose'"},
      {"parts.0.name:x", "at character 7: field 'parts' has no field '0'"},
  };
  for (const Refusal& refusal : kRefusals) {
    EXPECT_EQ(Values(refusal.filter), refusal.problem) << refusal.filter;
  }
}

TEST(FilterCheck, RefusesTimesThatAreNone) {
  for (const std::string_view value :
       {"2012-04-21", "2012-04-21T11:30:00", "2012-13-21T11:30:00Z", "2012-02-30T11:30:00Z",
        "2012-04-21T25:30:00Z", "2012-04-21T11:30:00+25:00", "2012-04-21T11:30:00Zx",
        "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00",
        "'2012-04-21 11:30:00Z'", "now", "infinity", "2012-4-21T11:30:00Z", "2012-04-21T11:30:00.Z",
        "2012-04-21T11:30:60Z", "2012-04-21T11:30:00-0400"}) {
    EXPECT_THAT(Values(absl::StrCat("taken_time > ", std::string(value))),
                HasSubstr("field 'taken_time': value must be an RFC 3339 time"));
  }
  for (const std::string_view value : {"20", "s", "-s", "1.s", ".5s", "1e3s", "1.0000000001s",
                                       "315576000001s", "--1s", "1 s", "99999999999999999999s"}) {
    EXPECT_THAT(Values(absl::StrCat("effort > '", std::string(value), "'")),
                HasSubstr("field 'effort': value must be a duration"));
  }
  for (const std::string_view value : {"2012-02-30", "2012-2-3", "20120203", "0000-01-01"}) {
    EXPECT_THAT(Values(absl::StrCat("due_date > ", std::string(value))),
                HasSubstr("field 'due_date': value must be a date"));
  }
}

TEST(FilterCheck, ConditionsHaveNoValues) {
  EXPECT_EQ(ConditionOf("i32 = 1 AND text = 'a*'"), ConditionOf("i32 = 2 AND text = 'bcd*'"));
  EXPECT_EQ(ConditionOf("counts.a = 1"), ConditionOf("counts.b = 2"));
  EXPECT_NE(ConditionOf("i32 = 1"), ConditionOf("i32 < 1"));
  EXPECT_NE(ConditionOf("i32 = 1"), ConditionOf("NOT i32 = 1"));
  EXPECT_TRUE(ConditionOf(" ").empty());
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly(
      {ConditionOf(""), ConditionOf("i32 = 1"), ConditionOf("i32 = 2"), ConditionOf("i64 = 1"),
       ConditionOf("i32 = 1 i64 = 2"), ConditionOf("i32 = 1 OR i64 = 2"),
       ConditionOf("-(i32 = 1 OR i64 = 2)"), ConditionOf("part.name = x"),
       ConditionOf("part.share = 1"), ConditionOf("parts.name:x")}));
}

}  // namespace
}  // namespace dataservice::test
