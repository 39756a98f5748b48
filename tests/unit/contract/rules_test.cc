// Contracts whose rules contradict their fields, and what rules make of columns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "contract/fixture.h"

namespace dataservice::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string Body(const std::string& field) {
  return "message Thing { option (storage.v1.table) = {};"
         "int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];" +
         field + "}";
}

std::string Refusal(const std::string& field) { return InlineContract(Body(field)).Refusal(); }

std::string TypeOf(const std::string& field) {
  const InlineContract contract(Body(field));
  if (!contract.Refusal().empty()) return contract.Refusal();
  const Column& column = contract.resource().columns[1];
  return DdlTypeName(column) + (column.nullable ? "" : " not null");
}

TEST(ContractRules, AreOfTheFieldsType) {
  const struct {
    const char* field;
    const char* option;
  } cases[] = {
      {"int32 f = 2 [(buf.validate.field).string.min_len = 1];", "string"},
      {"string f = 2 [(buf.validate.field).int32.gt = 1];", "int32"},
      {"sint32 f = 2 [(buf.validate.field).int32.gt = 1];", "int32"},
      {"bytes f = 2 [(buf.validate.field).string.uuid = true];", "string"},
      {"repeated string f = 2 [(buf.validate.field).string.min_len = 1];", "string"},
      {"map<string, string> f = 2 [(buf.validate.field).repeated.min_items = 1];", "repeated"},
      {"google.protobuf.Timestamp f = 2 [(buf.validate.field).duration.gt = {}];", "duration"},
      {"google.protobuf.StringValue f = 2 [(buf.validate.field).int32.gt = 1];", "int32"},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(Refusal(c.field), AllOf(HasSubstr("test/v1/test.proto: test.v1.Thing.f: "),
                                        HasSubstr(std::string("(buf.validate.field).") + c.option),
                                        HasSubstr("the rules are for another type of field")))
        << c.field;
  }
}

TEST(ContractRules, ThatNoValueObeys) {
  for (const char* rules : {"{min_len: 3 max_len: 2}", "{uuid: true max_len: 10}",
                            "{in: ['a'] not_in: ['a']}", "{const: 'a' prefix: 'b'}"}) {
    EXPECT_THAT(Refusal("string f = 2 [(buf.validate.field).string = " + std::string(rules) + "];"),
                HasSubstr("test/v1/test.proto: test.v1.Thing.f: "))
        << rules;
  }
}

TEST(ContractRules, AreRefusedOnceHoweverManyMessagesContainThem) {
  const std::string refusal =
      InlineContract(
          Body("int32 f = 2 [(buf.validate.field).cel = {id: 'a' expression: 'true'}];") +
          "message CreateThingRequest { Thing thing = 1; }"
          "message UpsertThingRequest { Thing thing = 1; }"
          "service S { rpc CreateThing(CreateThingRequest) returns (Thing);"
          "rpc UpsertThing(UpsertThingRequest) returns (Thing); }")
          .Refusal();
  EXPECT_THAT(refusal, HasSubstr("test/v1/test.proto: test.v1.Thing.f: option "));
  EXPECT_EQ(std::count(refusal.begin(), refusal.end(), '\n'), 0) << refusal;
}

TEST(ContractRules, ThatAreIgnoredMakeNoColumn) {
  EXPECT_EQ(TypeOf("string f = 2 [(buf.validate.field) = {string: {max_len: 3} required: true "
                   "ignore: IGNORE_ALWAYS}];"),
            "text not null");
  EXPECT_EQ(TypeOf("string f = 2 [(buf.validate.field) = {string: {uuid: true} "
                   "ignore: IGNORE_ALWAYS}];"),
            "text not null");
  EXPECT_EQ(TypeOf("optional int32 f = 2 [(buf.validate.field) = {required: true "
                   "ignore: IGNORE_ALWAYS}];"),
            "integer");
  EXPECT_EQ(TypeOf("repeated string f = 2 [(buf.validate.field).repeated.items = {string: {uuid: "
                   "true} ignore: IGNORE_IF_ZERO_VALUE}];"),
            "text[] not null");
}

TEST(ContractRules, AUuidIsAbsentOnlyWhereItMayBeEmpty) {
  EXPECT_EQ(TypeOf("string f = 2 [(buf.validate.field).string.uuid = true];"), "uuid not null");
  EXPECT_EQ(TypeOf("string f = 2 [(buf.validate.field) = {string: {uuid: true} ignore: "
                   "IGNORE_IF_ZERO_VALUE}];"),
            "uuid");
  EXPECT_EQ(TypeOf("string f = 2 [(buf.validate.field).string.uuid = true, "
                   "(google.api.field_behavior) = OUTPUT_ONLY];"),
            "uuid");
}

}  // namespace
}  // namespace dataservice::test
