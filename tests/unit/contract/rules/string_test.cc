// Rules of strings and bytes.
#include "contract/rules/fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dataservice::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(StringRules, CountCharactersNotBytes) {
  const RuleCase c("string a = 1 [(rule).string = {min_len: 2, max_len: 3}];");
  EXPECT_THAT(c.Broken("a: 'x'"), ElementsAre("a string.min_len"));
  EXPECT_THAT(c.Broken("a: '\u00e9'"), ElementsAre("a string.min_len"));
  EXPECT_THAT(c.Broken("a: '\u00e9\u00e9'"), IsEmpty());
  EXPECT_THAT(c.Broken("a: '\U0001F600\U0001F600\U0001F600'"), IsEmpty());
  EXPECT_THAT(c.Broken("a: '\U0001F600\U0001F600\U0001F600x'"), ElementsAre("a string.max_len"));
}

TEST(StringRules, DescribeWhatIsWrong) {
  const RuleCase c("string a = 1 [(rule).string.max_len = 2];");
  const auto violations = c.Violations("a: 'abc'");
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].description, "must be at most 2 characters");
  EXPECT_EQ(violations[0].rule_path, "string.max_len");
  EXPECT_FALSE(violations[0].for_key);
}

TEST(StringRules, ReportEveryBrokenRule) {
  const RuleCase c(R"(
    string a = 1 [(rule).string = {min_bytes: 4, prefix: "x", not_contains: "b"}];
    string b = 2 [(rule).string = {in: ["p", "q"]}];
  )");
  EXPECT_THAT(c.Broken("a: 'abc' b: 'r'"), ElementsAre("a string.min_bytes", "a string.prefix",
                                                       "a string.not_contains", "b string.in"));
}

TEST(StringRules, PatternMatchesAnywhereUnlessAnchored) {
  const RuleCase c(R"(
    string a = 1 [(rule).string.pattern = "b+"];
    string b = 2 [(rule).string.pattern = "^b+$"];
  )");
  EXPECT_THAT(c.Broken("a: 'abc' b: 'bb'"), IsEmpty());
  // $ is the end of the text, not of a line.
  EXPECT_THAT(c.Broken("a: 'abc' b: 'bb\\n'"), ElementsAre("b string.pattern"));
}

TEST(StringRules, PatternIsLinearOnHostileText) {
  const RuleCase c(R"(string a = 1 [(rule).string.pattern = "^(a+)+$"];)");
  auto message = c.Parse("");
  const auto* field = c.type()->FindFieldByName("a");
  message->GetReflection()->SetString(message.get(), field, std::string(1 << 20, 'a') + "!");
  EXPECT_THAT(c.Broken(*message), ElementsAre("a string.pattern"));
}

TEST(StringRules, FormatsTellEmptyFromMalformed) {
  const RuleCase c("string a = 1 [(rule).string.uuid = true];");
  EXPECT_THAT(c.Broken(""), ElementsAre("a string.uuid_empty"));
  EXPECT_THAT(c.Broken("a: 'x'"), ElementsAre("a string.uuid"));
  EXPECT_THAT(c.Broken("a: '0190A8B6-1111-7000-8000-00000000abcd'"), IsEmpty());
}

TEST(StringRules, SwitchesThatAreOffMeanNothing) {
  const RuleCase c("string a = 1 [(rule).string.uuid = false];");
  EXPECT_THAT(c.Broken("a: 'x'"), IsEmpty());
}

TEST(StringRules, HeaderFormats) {
  const RuleCase c(R"(
    string name = 1 [(rule).string.well_known_regex = KNOWN_REGEX_HTTP_HEADER_NAME];
    string value = 2 [(rule).string = {
      well_known_regex: KNOWN_REGEX_HTTP_HEADER_VALUE, strict: false}];
  )");
  EXPECT_THAT(c.Broken("name: ':path' value: '\\001'"), IsEmpty());
  EXPECT_THAT(c.Broken("name: 'a b' value: 'a\\nb'"),
              ElementsAre("name string.well_known_regex.header_name",
                          "value string.well_known_regex.header_value"));
}

TEST(BytesRules, CountBytes) {
  const RuleCase c("bytes a = 1 [(rule).bytes = {min_len: 2, max_len: 3}];");
  EXPECT_THAT(c.Broken("a: '\u00e9'"), IsEmpty());
  EXPECT_THAT(c.Broken("a: '\\377'"), ElementsAre("a bytes.min_len"));
  EXPECT_THAT(c.Broken("a: '\\000\\000\\000\\000'"), ElementsAre("a bytes.max_len"));
}

TEST(BytesRules, PatternNeedsUtf8) {
  const RuleCase c(R"(bytes a = 1 [(rule).bytes.pattern = "^[a-z]*$"];)");
  EXPECT_THAT(c.Broken("a: 'abc'"), IsEmpty());
  EXPECT_THAT(c.Broken("a: '1'"), ElementsAre("a bytes.pattern"));
  EXPECT_THAT(c.Broken("a: '\\231'"), ElementsAre("a bytes.pattern_utf8"));
  EXPECT_THAT(c.Broken("a: '\\355\\240\\200'"), ElementsAre("a bytes.pattern_utf8"));  // surrogate
}

TEST(BytesRules, MayHoldNul) {
  const RuleCase c(R"(bytes a = 1 [(rule).bytes.prefix = "\0x"];)");
  EXPECT_THAT(c.Broken("a: '\\000xy'"), IsEmpty());
  EXPECT_THAT(c.Broken("a: 'xy'"), ElementsAre("a bytes.prefix"));
  EXPECT_EQ(c.Violations("a: 'xy'")[0].description, "does not have prefix 0078");
}

TEST(BytesRules, ListsInDescriptionsAreText) {
  const RuleCase c(R"(bytes a = 1 [(rule).bytes = {in: ["ok", "\377"]}];)");
  EXPECT_EQ(c.Violations("a: 'x'")[0].description, "must be in list [ok, ff]");
}

TEST(WrapperRules, AreAboutTheValueInside) {
  const RuleCase c(R"(
    google.protobuf.StringValue a = 1 [(rule).string.min_len = 2];
    repeated google.protobuf.Int32Value b = 2 [(rule).repeated.items.int32.gt = 5];
  )");
  EXPECT_THAT(c.Broken(""), IsEmpty());
  EXPECT_THAT(c.Broken("a {} b {value: 6} b {value: 5}"),
              ElementsAre("a string.min_len", "b[1] int32.gt"));
  EXPECT_THAT(c.Broken("a {value: 'x\\000'}"), ElementsAre("a string.nul"));
}

}  // namespace
}  // namespace dataservice::test
