// Rules of numbers, bools and enums, at the ends of their ranges above all.
#include <cmath>
#include <limits>

#include "contract/rules/fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dataservice::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(NumericRules, Interval) {
  const RuleCase c("sint32 a = 1 [(rule).sint32 = {gte: -2, lt: 3}];");
  EXPECT_THAT(c.Broken("a: -2"), IsEmpty());
  EXPECT_THAT(c.Broken("a: 2"), IsEmpty());
  EXPECT_THAT(c.Broken("a: 3"), ElementsAre("a sint32.gte_lt"));
  EXPECT_EQ(c.Violations("a: -3")[0].description,
            "must be greater than or equal to -2 and less than 3");
  EXPECT_EQ(c.Violations("a: -3")[0].rule_path, "sint32.gte");
}

TEST(NumericRules, ReversedBoundsExcludeTheInterval) {
  const RuleCase c("int64 a = 1 [(rule).int64 = {gt: 10, lte: -10}];");
  EXPECT_THAT(c.Broken("a: 11"), IsEmpty());
  EXPECT_THAT(c.Broken("a: -10"), IsEmpty());
  EXPECT_THAT(c.Broken("a: 10"), ElementsAre("a int64.gt_lte_exclusive"));
  EXPECT_EQ(c.Violations("")[0].description,
            "must be greater than 10 or less than or equal to -10");
}

TEST(NumericRules, LimitsOfIntegers) {
  const RuleCase c(R"(
    int64 a = 1 [(rule).int64.gte = 9223372036854775807];
    int64 b = 2 [(rule).int64.lte = -9223372036854775808];
    uint64 d = 3 [(rule).uint64.gt = 18446744073709551614];
    int32 e = 4 [(rule).int32.lt = -2147483647];
    fixed32 f = 5 [(rule).fixed32.gte = 4294967295];
  )");
  EXPECT_THAT(c.Broken("a: 9223372036854775807 b: -9223372036854775808 "
                       "d: 18446744073709551615 e: -2147483648 f: 4294967295"),
              IsEmpty());
  EXPECT_THAT(
      c.Broken("a: 9223372036854775806 b: -9223372036854775807 "
               "d: 18446744073709551614 e: -2147483647 f: 4294967294"),
      ElementsAre("a int64.gte", "b int64.lte", "d uint64.gt", "e int32.lt", "f fixed32.gte"));
}

TEST(NumericRules, LargeUnsignedIsNotNegative) {
  const RuleCase c("uint64 a = 1 [(rule).uint64 = {gt: 0, not_in: [18446744073709551615]}];");
  EXPECT_THAT(c.Broken("a: 9223372036854775808"), IsEmpty());
  EXPECT_THAT(c.Broken("a: 18446744073709551615"), ElementsAre("a uint64.not_in"));
}

TEST(NumericRules, NanBreaksEveryRange) {
  const RuleCase c(R"(
    double a = 1 [(rule).double.lt = 1];
    double b = 2 [(rule).double = {gt: 10, lt: 5}];
    float d = 3 [(rule).float.gte = 0];
    double e = 4 [(rule).double.in = 1];
    double f = 5 [(rule).double = {not_in: nan}];
  )");
  EXPECT_THAT(c.Broken("a: nan b: nan d: nan e: nan f: nan"),
              ElementsAre("a double.lt", "b double.gt_lt_exclusive", "d float.gte", "e double.in"));
}

TEST(NumericRules, InfinityIsANumberUnlessFinite) {
  const RuleCase c(R"(
    double a = 1 [(rule).double.gt = 0];
    double b = 2 [(rule).double.finite = true];
    float d = 3 [(rule).float = {finite: true, lte: 5}];
  )");
  EXPECT_THAT(c.Broken("a: inf"), IsEmpty());
  EXPECT_THAT(c.Broken("a: -inf b: -inf d: nan"),
              ElementsAre("a double.gt", "b double.finite", "d float.lte", "d float.finite"));
}

TEST(NumericRules, NegativeZeroEqualsZero) {
  const RuleCase c(R"(
    double a = 1 [(rule).double.const = 0];
    double b = 2 [(rule).double.gte = 0];
    repeated double d = 3 [(rule).repeated.unique = true];
  )");
  EXPECT_THAT(c.Broken("a: -0.0 b: -0.0 d: 0"), IsEmpty());
  EXPECT_THAT(c.Broken("d: -0.0 d: 0.0"), ElementsAre("d repeated.unique"));
}

TEST(NumericRules, DescriptionsReadWell) {
  const RuleCase c(R"(
    float a = 1 [(rule).float.gt = 0.1];
    double b = 2 [(rule).double = {in: [1, 2.5]}];
  )");
  EXPECT_EQ(c.Violations("b: 1")[0].description, "must be greater than 0.1");
  EXPECT_EQ(c.Violations("a: 1")[0].description, "must be in list [1, 2.5]");
}

TEST(BoolRules, Const) {
  const RuleCase c("bool a = 1 [(rule).bool.const = true];");
  EXPECT_THAT(c.Broken("a: true"), IsEmpty());
  EXPECT_EQ(c.Violations("")[0].description, "must equal true");
}

TEST(EnumRules, DefinedOnlyKnowsAliasesAndRefusesOthers) {
  const RuleCase c(R"(
    enum Color { option allow_alias = true; NONE = 0; RED = 5; ROUGE = 5; DEEP = -1; }
    Color a = 1 [(rule).enum = {defined_only: true, not_in: [0]}];
    repeated Color b = 2 [(rule).repeated.items.enum.in = 5];
  )");
  EXPECT_THAT(c.Broken("a: 5 b: [5, 5]"), IsEmpty());
  EXPECT_THAT(c.Broken("a: -1"), IsEmpty());
  EXPECT_THAT(c.Broken("a: 4 b: 0"), ElementsAre("a enum.defined_only", "b[0] enum.in"));
  EXPECT_THAT(c.Broken(""), ElementsAre("a enum.not_in"));
}

}  // namespace
}  // namespace dataservice::test
