// Rules of lists and maps, and how many violations are reported.
#include "contract/rules/fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dataservice::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ListRules, SizeIsCheckedEvenWhenEmpty) {
  const RuleCase c("repeated int32 a = 1 [(rule).repeated = {min_items: 1, max_items: 2}];");
  EXPECT_THAT(c.Broken(""), ElementsAre("a repeated.min_items"));
  EXPECT_THAT(c.Broken("a: [1, 1]"), IsEmpty());
  EXPECT_THAT(c.Broken("a: [1, 1, 1]"), ElementsAre("a repeated.max_items"));
}

TEST(ListRules, UniqueInEveryType) {
  const RuleCase c(R"(
    enum E { ZERO = 0; ONE = 1; }
    repeated string a = 1 [(rule).repeated.unique = true];
    repeated bytes b = 2 [(rule).repeated.unique = true];
    repeated uint64 d = 3 [(rule).repeated.unique = true];
    repeated bool e = 4 [(rule).repeated.unique = true];
    repeated float f = 5 [(rule).repeated.unique = true];
    repeated E g = 6 [(rule).repeated.unique = true];
  )");
  EXPECT_THAT(c.Broken("a: ['x', 'X', ''] b: ['', '\\000', '\\000\\000'] d: [1, 2] "
                       "e: [true, false] f: [nan, nan, 1] g: [0, 1]"),
              IsEmpty());
  EXPECT_THAT(c.Broken("a: ['x', 'y', 'x'] b: ['\\000', '\\000'] d: [7, 7] e: [true, true] "
                       "f: [inf, 1, inf] g: [ONE, ZERO, ONE]"),
              ElementsAre("a repeated.unique", "b repeated.unique", "d repeated.unique",
                          "e repeated.unique", "f repeated.unique", "g repeated.unique"));
}

TEST(ListRules, UniqueIsFastOnHostileLists) {
  const RuleCase c("repeated double a = 1 [(rule).repeated.unique = true];");
  auto message = c.Parse("");
  const auto* field = c.type()->FindFieldByName("a");
  for (int i = 0; i < 500'000; ++i) {
    message->GetReflection()->AddDouble(message.get(), field,
                                        std::numeric_limits<double>::quiet_NaN());
  }
  EXPECT_THAT(c.Broken(*message), IsEmpty());
}

TEST(ListRules, ItemsHaveIndexedPaths) {
  const RuleCase c(R"(
    message N { string s = 1 [(rule).string.min_len = 2]; }
    repeated string a = 1 [(rule).repeated.items.string.min_len = 2];
    repeated N b = 2;
  )");
  EXPECT_THAT(c.Broken("a: ['xx', 'x'] b {s: 'xx'} b {}"),
              ElementsAre("a[1] string.min_len", "b[1].s string.min_len"));
  EXPECT_EQ(c.Violations("a: 'x'")[0].rule_path, "repeated.items.string.min_len");
}

TEST(ListRules, ZeroItemsMayBeIgnored) {
  const RuleCase c(R"(
    repeated string a = 1 [(rule).repeated.items = {
      ignore: IGNORE_IF_ZERO_VALUE, string: {min_len: 2}}];
    message N { string s = 1 [(rule).string.min_len = 2]; }
    repeated N b = 2 [(rule).repeated.items.ignore = IGNORE_IF_ZERO_VALUE];
    repeated N d = 3 [(rule).repeated.items.ignore = IGNORE_ALWAYS];
  )");
  EXPECT_THAT(c.Broken("a: ['', 'x'] b {} b {s: 'x'} d {s: 'x'}"),
              ElementsAre("a[1] string.min_len", "b[1].s string.min_len"));
}

TEST(MapRules, KeysAndValues) {
  const RuleCase c(R"(
    map<string, int32> a = 1 [(rule).map = {
      max_pairs: 2, keys: {string: {min_len: 2}}, values: {int32: {gt: 0}}}];
    map<int32, bool> b = 2 [(rule).map.keys.int32.lt = 0];
    map<uint64, bool> d = 3 [(rule).map.keys.uint64.lt = 1];
    map<bool, string> e = 4 [(rule).map.values.string.min_len = 1];
  )");
  EXPECT_THAT(c.Broken("a {key: 'ok' value: 1}"), IsEmpty());
  EXPECT_THAT(c.Broken("a {key: 'x' value: 0} b {key: 7} d {key: 18446744073709551615} "
                       "e {key: true}"),
              ElementsAre("a[\"x\"] string.min_len", "a[\"x\"] int32.gt", "b[7] int32.lt",
                          "d[18446744073709551615] uint64.lt", "e[true] string.min_len"));
  EXPECT_TRUE(c.Violations("a {key: 'x' value: 1}")[0].for_key);
  EXPECT_FALSE(c.Violations("a {key: 'xx' value: 0}")[0].for_key);
  EXPECT_THAT(c.Broken("a {key: 'aa' value: 1} a {key: 'bb' value: 1} a {key: 'cc' value: 1}"),
              ElementsAre("a map.max_pairs"));
}

TEST(MapRules, ViolationsAreInTheOrderOfKeys) {
  const RuleCase c("map<string, int32> a = 1 [(rule).map.values.int32.gt = 0];");
  EXPECT_THAT(c.Broken("a {key: 'c'} a {key: 'a'} a {key: 'd'} a {key: 'b'}"),
              ElementsAre("a[\"a\"] int32.gt", "a[\"b\"] int32.gt", "a[\"c\"] int32.gt",
                          "a[\"d\"] int32.gt"));
}

TEST(MapRules, KeysInPathsAreEscapedAndCut) {
  const RuleCase c("map<string, int32> a = 1 [(rule).map.values.int32.gt = 0];");
  EXPECT_THAT(c.Broken("a {key: 'q\"]\\n'}"), ElementsAre("a[\"q\\\"]\\n\"] int32.gt"));

  const std::string huge = c.Violations("a {key: '" + std::string(100'000, 'k') + "'}")[0].field;
  EXPECT_EQ(huge, "a[\"" + std::string(128, 'k') + "...\"]");
  std::string umlauts;  // 128 is in the middle of a character
  for (int i = 0; i < 100; ++i) umlauts += "\u20ac";
  const std::string cut = c.Violations("a {key: '" + umlauts + "'}")[0].field;
  EXPECT_EQ(cut, "a[\"" + umlauts.substr(0, 126) + "...\"]");
}

TEST(Bound, ViolationsAreLimited) {
  const RuleCase c("repeated string a = 1 [(rule).repeated.items.string.min_len = 1];");
  auto message = c.Parse("");
  const auto* field = c.type()->FindFieldByName("a");
  for (int i = 0; i < 10'000; ++i) message->GetReflection()->AddString(message.get(), field, "");
  const auto violations = c.Violations(*message);
  ASSERT_EQ(violations.size(), Validator::kMaxViolations);
  EXPECT_EQ(violations.back().field, "a[99]");
}

}  // namespace
}  // namespace dataservice::test
