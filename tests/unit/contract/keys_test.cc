// Contracts whose key contradicts itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"

namespace dataservice::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Of a resource Thing with this as its first field.
std::string Refusal(const std::string& fields) {
  return InlineContract(
             "message Part { string name = 1; } enum Kind { KIND_NONE = 0; }"
             "message Thing { option (storage.v1.table) = {};" +
             fields + "}")
      .Refusal();
}

auto Says(const std::string& problem) {
  return AllOf(HasSubstr("test/v1/test.proto: test.v1.Thing.key: "), HasSubstr(problem));
}

TEST(Keys, AreStringsOrIntegers) {
  for (const char* type :
       {"bool", "float", "double", "bytes", "Kind", "Part", "google.protobuf.Timestamp",
        "google.protobuf.Int64Value", "map<string, string>"}) {
    // And nothing else: not that `optional` is to be dropped, where there is none.
    EXPECT_EQ(Refusal(std::string(type) + " key = 1 [(google.api.field_behavior) = IDENTIFIER];"),
              "test/v1/test.proto: test.v1.Thing.key: a key is a string or an integer; give it "
              "such a type")
        << type;
  }
  for (const char* type : {"string", "int32", "sint64", "fixed32", "uint64"}) {
    EXPECT_EQ(Refusal(std::string(type) + " key = 1 [(google.api.field_behavior) = IDENTIFIER];"),
              "")
        << type;
  }
}

TEST(Keys, AreAlwaysThere) {
  const std::string identifier = " key = 1 [(google.api.field_behavior) = IDENTIFIER];";
  EXPECT_THAT(Refusal("optional string" + identifier),
              Says("a key is always present; drop `optional`"));
  EXPECT_THAT(Refusal("repeated int64" + identifier), Says("a key is one value; drop `repeated`"));
  EXPECT_THAT(Refusal("oneof one { string" + identifier + " string other = 2; }"),
              Says("a key is always present; take it out of the oneof"));
}

TEST(Keys, AreMissedWhateverMethodsThereAre) {
  const InlineContract contract(R"(
    message Thing { option (storage.v1.table) = {}; string name = 1; }
    service ThingService {
      rpc GetThing(GetThingRequest) returns (Thing);
      rpc BatchGetThings(BatchGetThingsRequest) returns (BatchGetThingsResponse);
    }
    message GetThingRequest { string name = 1; }
    message BatchGetThingsRequest { repeated string names = 1; }
    message BatchGetThingsResponse { repeated Thing things = 1; }
  )");
  EXPECT_THAT(contract.Refusal(), HasSubstr("test.v1.Thing: has no key"));
}

TEST(Keys, AreOne) {
  EXPECT_THAT(Refusal("string name = 2;"),
              HasSubstr("test/v1/test.proto: test.v1.Thing: has no key; give one field "
                        "[(google.api.field_behavior) = IDENTIFIER]"));
  EXPECT_THAT(Refusal("int64 other = 2 [(google.api.field_behavior) = IDENTIFIER];"
                      "int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];"),
              Says("is a second key; a resource has one: drop IDENTIFIER"));
}

TEST(Keys, AreTheClients) {
  EXPECT_THAT(Refusal("string key = 1 [(google.api.field_behavior) = IDENTIFIER,"
                      "(google.api.field_behavior) = OUTPUT_ONLY];"),
              Says("a key is not OUTPUT_ONLY; drop that behavior"));
}

}  // namespace
}  // namespace dataservice::test
