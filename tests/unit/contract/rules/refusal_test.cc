// What Compile refuses: rules that are not enforced, and rules that make no sense.
#include <algorithm>

#include "buf/validate/validate.pb.h"
#include "contract/rules/fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dataservice::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Refusal, NamesFileFieldOptionAndRemedy) {
  const RuleCase c("string a = 1 [(rule).string.pattern = '('];");
  EXPECT_EQ(c.Refusal(),
            "case.proto: dataservice.test.rules.inlined.M.a: option "
            "(buf.validate.field).string.pattern: bad regular expression: missing ): (; "
            "write it in RE2's syntax");
}

TEST(Refusal, ListsEverythingAtOnce) {
  const RuleCase c(R"(
    message N { string s = 1 [(rule).string.pattern = '[']; }
    string a = 1 [(rule).string.pattern = '('];
    N b = 2;
    repeated N d = 3;
  )");
  const std::string refusal = c.Refusal();
  EXPECT_THAT(refusal, AllOf(HasSubstr("M.a: "), HasSubstr("M.N.s: ")));
  EXPECT_EQ(std::count(refusal.begin(), refusal.end(), '\n'), 1);
}

TEST(Refusal, OfCel) {
  const std::string cel = "{id: 'x', expression: 'true'}";
  const struct {
    std::string body;
    std::string option;
  } cases[] = {
      {"string a = 1 [(rule).cel = " + cel + "];", "(buf.validate.field).cel"},
      {"string a = 1 [(rule).cel_expression = 'true'];", "(buf.validate.field).cel_expression"},
      {"repeated string a = 1 [(rule).cel = " + cel + "];", "(buf.validate.field).cel"},
      {"repeated string a = 1 [(rule).repeated.items.cel = " + cel + "];",
       "(buf.validate.field).repeated.items.cel"},
      {"map<string, int32> a = 1 [(rule).map.keys.cel = " + cel + "];",
       "(buf.validate.field).map.keys.cel"},
      {"map<string, int32> a = 1 [(rule).map.values.cel_expression = 'true'];",
       "(buf.validate.field).map.values.cel_expression"},
      {"option (buf.validate.message).cel = " + cel + ";", "(buf.validate.message).cel"},
      {"option (buf.validate.message).cel_expression = 'true';",
       "(buf.validate.message).cel_expression"},
      {"string a = 1 [(buf.validate.predefined).cel = " + cel + "];", "(buf.validate.predefined)"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(RuleCase(c.body).Refusal(),
                AllOf(HasSubstr("option " + c.option + ":"), HasSubstr("not enforced")))
        << c.body;
  }
}

// A rule of a validate.proto that is newer than the one that the server was built with.
TEST(Refusal, OfRulesThatThisBuildDoesNotKnow) {
  google::protobuf::FileDescriptorProto file;
  file.set_name("newer.proto");
  file.set_syntax("proto3");
  file.add_dependency("buf/validate/validate.proto");
  auto* field = file.add_message_type()->add_field();
  file.mutable_message_type(0)->set_name("M");
  field->set_name("a");
  field->set_number(1);
  field->set_type(google::protobuf::FieldDescriptorProto::TYPE_STRING);
  field->set_label(google::protobuf::FieldDescriptorProto::LABEL_OPTIONAL);
  auto* rules = field->mutable_options()->MutableExtension(buf::validate::field);
  const auto refusal = [&] {
    google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
    const auto* built = pool.BuildFile(file);
    return std::string(Validator::Compile(built->message_type(0), {}).status().message());
  };
  EXPECT_THAT(refusal(), IsEmpty());

  auto* string_rules = rules->mutable_string();
  string_rules->GetReflection()->MutableUnknownFields(string_rules)->AddVarint(999, 1);
  EXPECT_THAT(refusal(), HasSubstr("(buf.validate.field).string.<number 999>: "));

  rules->clear_string();
  rules->GetReflection()->MutableUnknownFields(rules)->AddVarint(998, 1);
  EXPECT_THAT(refusal(), HasSubstr("(buf.validate.field).<number 998>: "));
}

// Options of a descriptor set that was parsed without buf.validate linked.
TEST(Refusal, SeesRulesInUnknownFields) {
  google::protobuf::FileDescriptorProto file;
  file.set_name("unknown.proto");
  auto* field = file.add_message_type()->add_field();
  file.mutable_message_type(0)->set_name("M");
  field->set_name("a");
  field->set_number(1);
  field->set_type(google::protobuf::FieldDescriptorProto::TYPE_STRING);
  field->set_label(google::protobuf::FieldDescriptorProto::LABEL_OPTIONAL);
  buf::validate::FieldRules rules;
  rules.mutable_string()->set_pattern("(");
  google::protobuf::FieldOptions* options = field->mutable_options();
  options->GetReflection()->MutableUnknownFields(options)->AddLengthDelimited(
      1159, rules.SerializeAsString());
  google::protobuf::DescriptorPool pool;
  const auto* built = pool.BuildFile(file);
  ASSERT_NE(built, nullptr);
  EXPECT_THAT(std::string(Validator::Compile(built->message_type(0), {}).status().message()),
              HasSubstr("bad regular expression"));
}

TEST(Refusal, OfRulesForAnotherType) {
  const std::string bodies[] = {
      "int32 a = 1 [(rule).string.min_len = 1];",
      "int32 a = 1 [(rule).sint32.gt = 1];",
      "string a = 1 [(rule).repeated.min_items = 1];",
      "repeated string a = 1 [(rule).string.min_len = 1];",
      "repeated string a = 1 [(rule).repeated.items.int32.gt = 1];",
      "map<string, int32> a = 1 [(rule).repeated.min_items = 1];",
      "map<string, int32> a = 1 [(rule).map.keys.int32.gt = 1];",
      "google.protobuf.Timestamp a = 1 [(rule).duration.gt = {}];",
      "google.protobuf.StringValue a = 1 [(rule).int32.gt = 1];",
      "M a = 1 [(rule).string.min_len = 1];",
  };
  for (const std::string& body : bodies) {
    EXPECT_THAT(RuleCase(body).Refusal(), HasSubstr("rules are for another type of field")) << body;
  }
}

TEST(Refusal, OfRulesThatNothingObeys) {
  const std::string bodies[] = {
      "string a = 1 [(rule).string = {min_len: 3, max_len: 2}];",
      "string a = 1 [(rule).string = {len: 3, max_len: 2}];",
      "string a = 1 [(rule).string = {min_bytes: 3, max_bytes: 2}];",
      "string a = 1 [(rule).string = {min_len: 3, max_bytes: 2}];",
      "string a = 1 [(rule).string = {max_len: 1, min_bytes: 5}];",
      "string a = 1 [(rule).string = {prefix: 'abc', max_len: 2}];",
      "string a = 1 [(rule).string = {uuid: true, max_len: 35}];",
      "string a = 1 [(rule).string = {const: 'abc', min_len: 4}];",
      "string a = 1 [(rule).string = {in: ['a', 'b'], not_in: ['b', 'a']}];",
      "string a = 1 [(rule).string = {contains: 'xy', not_contains: 'y'}];",
      "bytes a = 1 [(rule).bytes = {min_len: 3, max_len: 2}];",
      "int32 a = 1 [(rule).int32 = {gt: 5, lt: 5}];",
      "int32 a = 1 [(rule).int32 = {gt: 5, lt: 6}];",
      "int32 a = 1 [(rule).int32 = {gte: 5, lt: 5}];",
      "int32 a = 1 [(rule).int32.gt = 2147483647];",
      "uint32 a = 1 [(rule).uint32.lt = 0];",
      "uint64 a = 1 [(rule).uint64 = {gt: 18446744073709551615, lt: 0}];",
      "int32 a = 1 [(rule).int32 = {in: [1, 2], gt: 2}];",
      "double a = 1 [(rule).double = {lt: nan}];",
      "double a = 1 [(rule).double = {const: nan}];",
      "double a = 1 [(rule).double = {gt: inf}];",
      "double a = 1 [(rule).double = {const: inf, finite: true}];",
      "repeated int32 a = 1 [(rule).repeated = {min_items: 3, max_items: 2}];",
      "map<int32, int32> a = 1 [(rule).map = {min_pairs: 3, max_pairs: 2}];",
      "google.protobuf.Duration a = 1 [(rule).duration = {gt: {seconds: 1}, lte: {seconds: 1}}];",
      "google.protobuf.Duration a = 1 [(rule).duration = {const: {}, not_in: [{}]}];",
      "google.protobuf.Timestamp a = 1 [(rule).timestamp = {lt_now: true, gt_now: true}];",
      "google.protobuf.Timestamp a = 1 [(rule).timestamp.within = {seconds: -1}];",
      "google.protobuf.Any a = 1 [(rule).any = {in: ['x'], not_in: ['x']}];",
  };
  for (const std::string& body : bodies) {
    EXPECT_THAT(RuleCase(body).Refusal(), HasSubstr("no value can obey it")) << body;
  }
}

TEST(Refusal, NotOfNarrowButSatisfiableRules) {
  const std::string bodies[] = {
      "string a = 1 [(rule).string = {min_len: 2, max_len: 2, min_bytes: 8, max_bytes: 8}];",
      "string a = 1 [(rule).string = {uuid: true, len: 36}];",
      "string a = 1 [(rule).string.max_len = 0];",
      "int32 a = 1 [(rule).int32 = {gte: 5, lte: 5}];",
      "int32 a = 1 [(rule).int32 = {gt: 5, lt: 7}];",
      "int32 a = 1 [(rule).int32 = {gt: 6, lt: 5}];",
      "int32 a = 1 [(rule).int32 = {gt: 2147483647, lt: 0}];",
      "double a = 1 [(rule).double = {gt: 5, lt: 6}];",
      "double a = 1 [(rule).double = {gte: inf}];",
      "repeated int32 a = 1 [(rule).repeated = {min_items: 2, max_items: 2, unique: true}];",
      "string a = 1 [(rule).string = {example: 'x', min_len: 3}];",
  };
  for (const std::string& body : bodies) EXPECT_EQ(RuleCase(body).Refusal(), "") << body;
}

TEST(Refusal, OfMalformedTimesInRules) {
  EXPECT_THAT(
      RuleCase("google.protobuf.Timestamp a = 1 [(rule).timestamp.lt = {nanos: -1}];").Refusal(),
      HasSubstr("timestamp.lt: the rule's value must be a time from"));
}

TEST(Refusal, OfUniqueMessages) {
  EXPECT_THAT(RuleCase("repeated M a = 1 [(rule).repeated.unique = true];").Refusal(),
              HasSubstr("repeated.unique: messages are not compared"));
}

TEST(Refusal, OfOneofsThatCannotBe) {
  const std::string option = "option (buf.validate.message).oneof = ";
  EXPECT_THAT(RuleCase(option + "{fields: ['x']}; int32 a = 1;").Refusal(),
              HasSubstr("the message has no field x"));
  EXPECT_THAT(RuleCase(option + "{fields: ['a', 'a']}; int32 a = 1;").Refusal(),
              HasSubstr("it names a twice"));
  EXPECT_THAT(RuleCase(option + "{}; int32 a = 1;").Refusal(), HasSubstr("it names no field"));
  EXPECT_THAT(RuleCase("oneof o { int32 a = 1 [(rule).required = true];"
                       "          int32 b = 2 [(google.api.field_behavior) = REQUIRED]; }")
                  .Refusal(),
              HasSubstr("another member of the oneof o is required as well"));
}

TEST(Refusal, NotBelowIgnoreAlways) {
  EXPECT_EQ(RuleCase("string a = 1 [(rule).ignore = IGNORE_ALWAYS, (rule).string.pattern = '('];")
                .Refusal(),
            "");
}

}  // namespace
}  // namespace dataservice::test
