// Presence, REQUIRED, ignore, oneofs, nesting, and the ways to use a Validator.
#include <thread>

#include "contract/rules/fixture.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "protos/rules_test.pb.h"

namespace dataservice::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kRequired[] = "(google.api.field_behavior) = REQUIRED";

TEST(Required, ByFieldBehavior) {
  const std::string r = kRequired;
  const std::string body = "message N {} string a = 1 [" + r + "]; optional int32 b = 2 [" + r +
                           "]; N d = 3 [" + r + "]; repeated int32 e = 4 [" + r +
                           "]; map<int32, int32> f = 5 [" + r +
                           "]; google.protobuf.StringValue g = 6 [" + r + "];";
  const RuleCase c(body);
  EXPECT_THAT(c.Broken(""), ElementsAre("a required", "b required", "d required", "e required",
                                        "f required", "g required"));
  EXPECT_THAT(c.Broken("a: ' ' b: 0 d {} e: 0 f {} g {}"), IsEmpty());
  EXPECT_EQ(c.Violations("")[0].description, "value is required");

  ValidatorOptions options;
  options.field_behavior_required = false;
  EXPECT_THAT(RuleCase(body, options).Broken(""), IsEmpty());
}

TEST(Required, ByRuleReportsNothingElse) {
  const RuleCase c("string a = 1 [(rule).required = true, (rule).string.min_len = 3];");
  EXPECT_THAT(c.Broken(""), ElementsAre("a required"));
  EXPECT_EQ(c.Violations("")[0].rule_path, "required");
  EXPECT_THAT(c.Broken("a: 'x'"), ElementsAre("a string.min_len"));
}

TEST(Presence, UnsetFieldsBreakNoRule) {
  const RuleCase c(R"(
    optional string a = 1 [(rule).string.min_len = 3];
    string b = 2 [(rule).string.min_len = 3];
    oneof o { string d = 3 [(rule).string.min_len = 3]; }
  )");
  EXPECT_THAT(c.Broken(""), ElementsAre("b string.min_len"));
  EXPECT_THAT(c.Broken("a: '' b: 'xxx' d: ''"),
              ElementsAre("a string.min_len", "d string.min_len"));
}

TEST(Ignore, Modes) {
  const RuleCase c(R"(
    message N { string s = 1 [(rule).required = true]; }
    string a = 1 [(rule).ignore = IGNORE_IF_ZERO_VALUE, (rule).string.min_len = 3];
    N b = 2 [(rule).ignore = IGNORE_ALWAYS];
    string d = 3 [(rule).ignore = IGNORE_ALWAYS, (rule).required = true];
    repeated int32 e = 4 [(rule).ignore = IGNORE_IF_ZERO_VALUE, (rule).repeated.min_items = 2];
    N f = 5;
  )");
  EXPECT_THAT(c.Broken("b {}"), IsEmpty());
  EXPECT_THAT(c.Broken("a: 'x' e: 1 f {}"),
              ElementsAre("a string.min_len", "e repeated.min_items", "f.s required"));
}

TEST(Ignore, DoesNotLiftWhatStorageNeeds) {
  const RuleCase c(R"(
    message N { string s = 1; N n = 2; google.protobuf.Timestamp t = 3; }
    N b = 2 [(rule).ignore = IGNORE_ALWAYS];
  )");
  EXPECT_THAT(c.Broken("b {n {s: '\\000' t {nanos: -1}}}"),
              ElementsAre("b.n.s string.nul", "b.n.t timestamp.range"));
}

TEST(Oneof, Required) {
  const RuleCase c(R"(
    message N { oneof o { option (buf.validate.oneof).required = true; int32 a = 1; int32 b = 2; } }
    N n = 1;
  )");
  EXPECT_THAT(c.Broken("n {}"), ElementsAre("n.o required"));
  EXPECT_THAT(c.Broken("n {b: 0}"), IsEmpty());
}

TEST(Oneof, OfAMessage) {
  const RuleCase c(R"(
    message N {
      option (buf.validate.message).oneof = {fields: ["a", "b"], required: true};
      string a = 1 [(rule).string.min_len = 3];
      repeated int32 b = 2;
    }
    N n = 1;
  )");
  EXPECT_THAT(c.Broken("n {}"), ElementsAre("n message.oneof"));
  EXPECT_THAT(c.Broken("n {b: 1}"), IsEmpty());
  EXPECT_THAT(c.Broken("n {a: 'x'}"), ElementsAre("n.a string.min_len"));
  EXPECT_EQ(c.Violations("n {a: 'xxx' b: 1}")[0].description, "only one of a, b can be set");
}

TEST(Paths, BeginWithThePrefix) {
  const RuleCase c(R"(
    option (buf.validate.message).oneof = {fields: ["a"], required: true};
    string a = 1;
    string b = 2 [(rule).string.min_len = 1];
  )");
  EXPECT_THAT(Lines(c.Violations(*c.Parse(""), "film")),
              ElementsAre("film message.oneof", "film.b string.min_len"));
}

TEST(OneField, IsCheckedAlone) {
  const RuleCase c(R"(
    option (buf.validate.message).oneof = {fields: ["a"], required: true};
    message N { string s = 1 [(rule).string.min_len = 1]; }
    string a = 1;
    string b = 2 [(rule).string.min_len = 1];
    N n = 3;
  )");
  EXPECT_THAT(c.BrokenField("b", ""), ElementsAre("b string.min_len"));
  EXPECT_THAT(c.BrokenField("n", "n {}"), ElementsAre("n.s string.min_len"));
  EXPECT_THAT(c.BrokenField("a", ""), IsEmpty());
}

TEST(Treatment, KeysMayBeEmptyAndOutputIsIgnored) {
  ValidatorOptions options;
  options.treatment = [](const google::protobuf::FieldDescriptor& field) {
    if (field.name() == "id") return FieldTreatment::kMayBeEmpty;
    if (field.name() == "out") return FieldTreatment::kIgnore;
    return FieldTreatment::kCheck;
  };
  const RuleCase c(R"(
    optional string id = 1 [(rule).string.uuid = true, (google.api.field_behavior) = REQUIRED];
    string out = 2 [(rule).string.min_len = 1];
    string other = 3 [(rule).string.min_len = 1];
  )",
                   options);
  EXPECT_THAT(c.Broken(""), ElementsAre("other string.min_len"));
  EXPECT_THAT(c.Broken("id: '' other: 'x'"), IsEmpty());
  EXPECT_THAT(c.Broken("id: 'x' out: '\\000' other: 'x'"), ElementsAre("id string.uuid"));
}

TEST(GeneratedClasses, AreCheckedLikeDynamicOnes) {
  const auto validator = Validator::Compile(rules::Film::descriptor(), {});
  ASSERT_TRUE(validator.ok()) << validator.status();
  rules::Film film;
  film.set_id("0190a8b6-1111-7000-8000-00000000abcd");
  film.set_title("M");
  film.set_director("Fritz Lang");
  film.set_year(1931);
  std::vector<Violation> violations;
  (*validator)->Validate(film, "", &violations);
  EXPECT_THAT(Lines(violations), IsEmpty());
  film.clear_title();
  film.set_year(1000);
  (*validator)->Validate(film, "film", &violations);
  EXPECT_THAT(Lines(violations), ElementsAre("film.title required", "film.year int32.gte_lte"));
}

TEST(RecursiveTypes, AreFollowedInDataOnly) {
  const auto validator = Validator::Compile(rules::Tree::descriptor(), {});
  ASSERT_TRUE(validator.ok()) << validator.status();
  rules::Tree tree;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "name: 'a' left {name: 'b' left {}} branches {tree {}} by_name {key: 'toolong' value {}}",
      &tree));
  std::vector<Violation> violations;
  (*validator)->Validate(tree, "", &violations);
  EXPECT_THAT(Lines(violations), UnorderedElementsAre("left.left.name string.min_len",
                                                      "branches[0].tree.name string.min_len",
                                                      "by_name[\"toolong\"] string.max_len",
                                                      "by_name[\"toolong\"].name string.min_len"));
}

TEST(RecursiveTypes, WithoutRulesAreSkipped) {
  ValidatorOptions options;
  const auto validator = Validator::Compile(rules::Plain::descriptor(), options);
  ASSERT_TRUE(validator.ok());
  rules::Plain plain;
  rules::Plain* last = &plain;
  for (int i = 0; i < 100'000; ++i) last = last->mutable_next();  // would overflow the stack
  std::vector<Violation> violations;
  (*validator)->Validate(plain, "", &violations);
  EXPECT_THAT(violations, IsEmpty());
  while (plain.has_next()) {  // the destructor would overflow it too
    std::unique_ptr<rules::Plain> next(plain.release_next());
    plain.set_allocated_next(next->release_next());
  }
}

TEST(Depth, OfWhatTheParserAccepts) {
  const auto validator = Validator::Compile(rules::Tree::descriptor(), {});
  rules::Tree tree;
  rules::Tree* last = &tree;
  for (int i = 0; i < 99; ++i) {
    last->set_name("x");
    last = last->mutable_left();
  }
  rules::Tree parsed;
  ASSERT_TRUE(parsed.ParseFromString(tree.SerializeAsString()));
  std::vector<Violation> violations;
  (*validator)->Validate(parsed, "", &violations);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_TRUE(violations[0].field.ends_with(".left.name"));
}

TEST(Threads, ShareAValidator) {
  const auto validator = Validator::Compile(rules::Tree::descriptor(), {});
  rules::Tree tree;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "name: 'a' by_name {key: 'k' value {}} branches {tree {}}", &tree));
  std::vector<size_t> counts(4);
  std::vector<std::thread> threads;
  threads.reserve(counts.size());
  for (size_t& count : counts) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        std::vector<Violation> violations;
        (*validator)->Validate(tree, "", &violations);
        count += violations.size();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(counts, ElementsAre(2000, 2000, 2000, 2000));
}

}  // namespace
}  // namespace dataservice::test
