// Rules of Timestamp, Duration, Any and FieldMask.
#include "contract/rules/fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dataservice::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(DurationRules, CompareToTheNanosecond) {
  const RuleCase c(R"(
    google.protobuf.Duration a = 1 [(rule).duration = {
      gt: {seconds: 1, nanos: 999999999}, lte: {seconds: 3600}}];
    google.protobuf.Duration b = 2 [(rule).duration.gte = {seconds: -1, nanos: -500000000}];
  )");
  EXPECT_THAT(c.Broken("a {seconds: 2} b {seconds: -1 nanos: -500000000}"), IsEmpty());
  EXPECT_THAT(c.Broken("a {seconds: 1 nanos: 999999999} b {seconds: -1 nanos: -500000001}"),
              ElementsAre("a duration.gt_lte", "b duration.gte"));
  EXPECT_EQ(c.Violations("a {}")[0].description,
            "must be greater than 1.999999999s and less than or equal to 3600s");
  EXPECT_EQ(c.Violations("b {seconds: -2}")[0].description,
            "must be greater than or equal to -1.5s");
}

TEST(DurationRules, SurviveExtremes) {
  const RuleCase c("google.protobuf.Duration a = 1 [(rule).duration.lt = {seconds: 1}];");
  EXPECT_THAT(c.Broken("a {seconds: 9223372036854775807 nanos: 2147483647}"),
              ElementsAre("a duration.range", "a duration.lt"));
  EXPECT_THAT(c.Broken("a {seconds: -9223372036854775808 nanos: -2147483648}"),
              ElementsAre("a duration.range"));
}

TEST(DurationRules, MixedSignsAreMalformed) {
  const RuleCase c("google.protobuf.Duration a = 1;");
  EXPECT_THAT(c.Broken("a {seconds: 1 nanos: -1}"), ElementsAre("a duration.range"));
  EXPECT_THAT(c.Broken("a {seconds: 315576000000}"), IsEmpty());
  EXPECT_THAT(c.Broken("a {seconds: 315576000001}"), ElementsAre("a duration.range"));
}

TEST(TimestampRules, RangeIsThatOfTheType) {
  const RuleCase c("google.protobuf.Timestamp a = 1;");
  EXPECT_THAT(c.Broken("a {seconds: 253402300799 nanos: 999999999}"), IsEmpty());
  EXPECT_THAT(c.Broken("a {seconds: -62135596800}"), IsEmpty());
  EXPECT_THAT(c.Broken("a {seconds: 253402300800}"), ElementsAre("a timestamp.range"));
  EXPECT_THAT(c.Broken("a {seconds: -62135596801}"), ElementsAre("a timestamp.range"));
  EXPECT_THAT(c.Broken("a {nanos: -1}"), ElementsAre("a timestamp.range"));
  EXPECT_THAT(c.Broken("a {nanos: 1000000000}"), ElementsAre("a timestamp.range"));

  ValidatorOptions options;
  options.refuse_malformed = false;
  const RuleCase lenient("google.protobuf.Timestamp a = 1;", options);
  EXPECT_THAT(lenient.Broken("a {nanos: -1}"), IsEmpty());
}

TEST(TimestampRules, NowIsTheInjectedClock) {
  absl::int128 now = 1'000'000'000'000;  // 1970-01-01T00:16:40Z
  ValidatorOptions options;
  options.now = [&now] { return now; };
  const RuleCase c(R"(
    google.protobuf.Timestamp past = 1 [(rule).timestamp.lt_now = true];
    google.protobuf.Timestamp future = 2 [(rule).timestamp.gt_now = true];
    google.protobuf.Timestamp near = 3 [(rule).timestamp.within = {seconds: 60}];
  )",
                   options);
  EXPECT_THAT(c.Broken("past {seconds: 1000} future {seconds: 1000} near {seconds: 1060}"),
              IsEmpty());
  EXPECT_THAT(
      c.Broken("past {seconds: 1001} future {seconds: 999} near {seconds: 939}"),
      ElementsAre("past timestamp.lt_now", "future timestamp.gt_now", "near timestamp.within"));
  now += 1'000'000'000;
  EXPECT_THAT(c.Broken("past {seconds: 1001} near {seconds: 1061}"), IsEmpty());
}

TEST(TimestampRules, DescribeInRfc3339) {
  const RuleCase c(
      "google.protobuf.Timestamp a = 1 [(rule).timestamp.gte = {seconds: -1, nanos: 500000000}];");
  EXPECT_EQ(c.Violations("a {seconds: -1}")[0].description,
            "must be greater than or equal to 1969-12-31T23:59:59.5Z");
}

TEST(AnyRules, LookAtTheTypeUrlOnly) {
  const RuleCase c(R"(
    google.protobuf.Any a = 1 [(rule).any.in = "type.googleapis.com/x.Y"];
    google.protobuf.Any b = 2 [(rule).any.not_in = "type.googleapis.com/x.Y"];
  )");
  EXPECT_THAT(c.Broken("a {type_url: 'type.googleapis.com/x.Y' value: '\\377'} b {}"), IsEmpty());
  EXPECT_THAT(c.Broken("a {} b {type_url: 'type.googleapis.com/x.Y'}"),
              ElementsAre("a any.in", "b any.not_in"));
}

TEST(FieldMaskRules, CoverSubpaths) {
  const RuleCase c(R"(
    google.protobuf.FieldMask a = 1 [(rule).field_mask.in = "x"];
    google.protobuf.FieldMask b = 2 [(rule).field_mask.not_in = "x"];
    google.protobuf.FieldMask d = 3 [(rule).field_mask.const = {paths: ["p", "q"]}];
  )");
  EXPECT_THAT(c.Broken("a {paths: ['x', 'x.y']} b {paths: 'xy'} d {paths: ['p', 'q']}"), IsEmpty());
  EXPECT_THAT(c.Broken("a {paths: 'xy'} b {paths: 'x.y'} d {paths: ['q', 'p']}"),
              ElementsAre("a field_mask.in", "b field_mask.not_in", "d field_mask.const"));
}

}  // namespace
}  // namespace dataservice::test
