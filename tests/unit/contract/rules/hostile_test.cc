// Text that PostgreSQL cannot hold, wherever it hides.
#include "contract/rules/fixture.h"
#include "contract/rules/utf8.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dataservice::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kBody[] = R"(
  message N { string s = 1; repeated string r = 2; }
  string a = 1;
  optional string b = 2;
  repeated string d = 3;
  map<string, string> e = 4;
  map<int32, N> f = 5;
  oneof o { string g = 6; N h = 7; }
  google.protobuf.Struct i = 8;
  google.protobuf.FieldMask j = 9;
  bytes k = 10;
)";

TEST(Nul, IsRefusedEverywhere) {
  const RuleCase c(kBody);
  EXPECT_THAT(c.Broken(R"(
      a: '\000' b: 'x\000' d: ['x', '\000y']
      e {key: 'k\000' value: 'ok'} e {key: 'l' value: '\000'}
      f {key: 3 value {s: '\000' r: '\000'}}
      h {r: ['ok', 'a\000b']}
      i {fields {key: 'x' value {list_value {values {string_value: '\000'}}}}}
      j {paths: 'a\000'}
      k: '\000')"),
              ElementsAre("a string.nul", "b string.nul", "d[1] string.nul",
                          "e[\"k\\000\"] string.nul", "e[\"l\"] string.nul", "f[3].r[0] string.nul",
                          "f[3].s string.nul", "h.r[1] string.nul",
                          "i.fields[\"x\"].list_value.values[0].string_value string.nul",
                          "j.paths[0] string.nul"));
  const auto violations = c.Violations("a: '\\000'");
  EXPECT_EQ(violations[0].description, "must not contain a NUL character");
}

TEST(Nul, IsAllowedWhereNotAskedFor) {
  ValidatorOptions options;
  options.refuse_nul = false;
  EXPECT_THAT(RuleCase(kBody, options).Broken("a: '\\000' h {s: '\\000'}"), IsEmpty());
}

TEST(Nul, DoesNotEndTheTextForOtherRules) {
  ValidatorOptions options;
  options.refuse_nul = false;
  const RuleCase c(R"(
    string a = 1 [(rule).string.max_len = 3];
    string b = 2 [(rule).string.ipv4 = true];
    string d = 3 [(rule).string.pattern = "^a$"];
    string e = 4 [(rule).string.const = "a"];
    string f = 5 [(rule).string.hostname = true];
  )",
                   options);
  EXPECT_THAT(
      c.Broken("a: 'a\\000bc' b: '1.2.3.4\\000' d: 'a\\000' e: 'a\\000' f: 'example.com\\000'"),
      ElementsAre("a string.max_len", "b string.ipv4", "d string.pattern", "e string.const",
                  "f string.hostname"));
}

TEST(Utf8, IsAskedOfProto2WhichDoesNotParseForIt) {
  const RuleCase c("optional string a = 1; optional bytes b = 2;", {}, "proto2");
  auto message = c.Parse("");
  const auto* reflection = message->GetReflection();
  reflection->SetString(message.get(), c.type()->FindFieldByName("a"), "\xff");
  reflection->SetString(message.get(), c.type()->FindFieldByName("b"), "\xff");
  EXPECT_THAT(c.Broken(*message), ElementsAre("a string.utf8"));
}

TEST(Utf8, FollowsRfc3629) {
  using rules::IsUtf8;
  for (const char* text :
       {"", "abc", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "12345678\xe2\x82\xac-2345678"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
  for (const char* text : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                           "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
                           "\xc2", "\xe2\x82", "\xf0\x90\x80", "12345678\xe2\x82", "\xc2x"}) {
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
}

TEST(Size, HugeTextIsCheckedOnce) {
  const RuleCase c(R"(
    string a = 1 [(rule).string = {max_len: 10, email: true}];
    string b = 2 [(rule).string.uri = true];
    string d = 3 [(rule).string.hostname = true];
  )");
  auto message = c.Parse("");
  const std::string huge(8 << 20, 'a');
  for (const char* name : {"a", "b", "d"}) {
    message->GetReflection()->SetString(message.get(), c.type()->FindFieldByName(name), huge);
  }
  const auto violations = c.Violations(*message);
  EXPECT_THAT(Lines(violations), ElementsAre("a string.max_len", "a string.email", "b string.uri",
                                             "d string.hostname"));
  // What is wrong is said, not repeated.
  for (const auto& violation : violations) EXPECT_LT(violation.description.size(), 100u);
}

TEST(Utf8, IsCutBetweenCharacters) {
  EXPECT_EQ(rules::CutUtf8("abc", 3), "abc");
  EXPECT_EQ(rules::CutUtf8("abc", 2), "ab");
  EXPECT_EQ(rules::CutUtf8("a\xc3\xa9", 2), "a");
  EXPECT_EQ(rules::CutUtf8("\xf0\x9f\x98\x80x", 4), "\xf0\x9f\x98\x80");
  EXPECT_EQ(rules::CutUtf8("\xf0\x9f\x98\x80x", 3), "");
  // Not UTF-8: there is no character before.
  EXPECT_EQ(rules::CutUtf8("\x98\x98\x98", 2), "");
}

}  // namespace
}  // namespace dataservice::test
