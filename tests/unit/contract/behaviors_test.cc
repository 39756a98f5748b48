// Contracts whose annotations contradict each other, or mean nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "contract/fixture.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

std::string Refusal(const std::string& fields, const std::string& more = "") {
  return InlineContract(
             "message Thing { option (storage.v1.table) = {};"
             "int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];" +
             fields + "}" + more)
      .Refusal();
}

// The behaviors with a blank between them.
std::string Behaving(const std::string& behaviors) {
  const std::string option = "(google.api.field_behavior) = ";
  return Refusal("string f = 2 [" + option +
                 absl::StrReplaceAll(behaviors, {{" ", ", " + option}}) + "];");
}

TEST(Behaviors, ThatContradictEachOther) {
  EXPECT_THAT(Behaving("OUTPUT_ONLY REQUIRED"),
              HasSubstr("test/v1/test.proto: test.v1.Thing.f: OUTPUT_ONLY and REQUIRED contradict "
                        "each other; drop one of them"));
  EXPECT_THAT(Behaving("OPTIONAL REQUIRED"), HasSubstr("OPTIONAL and REQUIRED contradict"));
}

TEST(Behaviors, ThatTheEngineDoesNotKeep) {
  EXPECT_THAT(
      Behaving("INPUT_ONLY"),
      HasSubstr("test.v1.Thing.f: INPUT_ONLY is not supported, because responses have every "
                "stored field; drop that behavior"));
  EXPECT_THAT(Behaving("NON_EMPTY_DEFAULT"), HasSubstr("NON_EMPTY_DEFAULT is not supported"));
}

TEST(Behaviors, ThatGoTogether) {
  EXPECT_EQ(Behaving("IMMUTABLE REQUIRED"), "");
  EXPECT_EQ(Behaving("IMMUTABLE OUTPUT_ONLY"), "");
  EXPECT_EQ(Behaving("OPTIONAL UNORDERED_LIST"), "");
}

TEST(Behaviors, AnUpdateTimeIsNotImmutable) {
  EXPECT_THAT(Refusal("google.protobuf.Timestamp update_time = 2 [(google.api.field_behavior) = "
                      "OUTPUT_ONLY, (google.api.field_behavior) = IMMUTABLE];"),
              HasSubstr("test.v1.Thing.update_time: changes with every update"));
}

TEST(Behaviors, InAOneof) {
  EXPECT_THAT(Refusal("oneof one { string f = 2 [(google.api.field_behavior) = OUTPUT_ONLY]; }"),
              HasSubstr("test.v1.Thing.f: is OUTPUT_ONLY in the oneof one, which requests set as a "
                        "whole; take it out of the oneof"));
  EXPECT_THAT(Refusal("oneof one { string f = 2 [(google.api.field_behavior) = REQUIRED];"
                      "string g = 3; }"),
              HasSubstr("test.v1.Thing.f: is REQUIRED, so no other member of the oneof one can be "
                        "set; require the oneof instead"));
}

TEST(Behaviors, WithinStoredMessages) {
  const std::string part = "message Part { Inner inner = 1; } message Inner { Part part = 2; ";
  for (const char* behavior : {"OUTPUT_ONLY", "INPUT_ONLY", "IMMUTABLE", "IDENTIFIER"}) {
    EXPECT_THAT(Refusal("map<string, Part> parts = 2;",
                        part + "string x = 1 [(google.api.field_behavior) = " + behavior + "]; }"),
                HasSubstr(std::string("test.v1.Inner.x: ") + behavior +
                          " is not supported within a stored message; drop that behavior"));
  }
  EXPECT_EQ(Refusal("repeated Part parts = 2;",
                    part + "string x = 1 [(google.api.field_behavior) = REQUIRED]; }"),
            "");
}

TEST(Behaviors, AResourceIsNotStoredWithinAnother) {
  EXPECT_THAT(Refusal("Thing parent = 2;"),
              HasSubstr("test.v1.Thing.parent: stores the resource test.v1.Thing within another; "
                        "refer to it by its key, with (storage.v1.column).references"));
}

constexpr char kTime[] =
    "google.protobuf.Timestamp update_time = 3 [(google.api.field_behavior) = OUTPUT_ONLY];";

TEST(Etags, AreStringsThatClientsGiveBack) {
  EXPECT_EQ(Refusal(std::string("string etag = 2;") + kTime), "");
  for (const char* type : {"bytes", "int64", "repeated string"}) {
    EXPECT_THAT(Refusal(std::string(type) + " etag = 2;" + kTime),
                HasSubstr("test.v1.Thing.etag: an etag is a `string` (AIP-154)"))
        << type;
  }
  for (const char* behavior : {"OUTPUT_ONLY", "REQUIRED", "IMMUTABLE"}) {
    EXPECT_THAT(Refusal(std::string("string etag = 2 [(google.api.field_behavior) = ") + behavior +
                        "];" + kTime),
                HasSubstr("drop its field_behavior"))
        << behavior;
  }
  EXPECT_THAT(Refusal(std::string("oneof one { string etag = 2; }") + kTime),
              HasSubstr("test.v1.Thing.etag: an etag belongs to the whole row"));
  EXPECT_THAT(Refusal(std::string("string etag = 2 [(storage.v1.column) = {}];") + kTime),
              HasSubstr("test.v1.Thing.etag: an etag is not stored; drop (storage.v1.column)"));
  EXPECT_THAT(
      Refusal(std::string("string etag = 2 [(buf.validate.field).string.len = 4];") + kTime),
      HasSubstr("drop (buf.validate.field)"));
}

TEST(Etags, NeedAnUpdateTimeOfTheServer) {
  EXPECT_THAT(
      Refusal("string etag = 2;"),
      HasSubstr("test.v1.Thing.etag: is computed from update_time, which the message lacks"));
  for (const char* time :
       {"google.protobuf.Timestamp update_time = 3;",
        "int64 update_time = 3 [(google.api.field_behavior) = OUTPUT_ONLY];",
        "repeated google.protobuf.Timestamp update_time = 3 [(google.api.field_behavior) = "
        "OUTPUT_ONLY];"}) {
    EXPECT_THAT(Refusal(std::string("string etag = 2;") + time),
                HasSubstr("test.v1.Thing.update_time: determines the etag; it must be a "
                          "google.protobuf.Timestamp with field_behavior OUTPUT_ONLY"))
        << time;
  }
}

}  // namespace
}  // namespace dataservice::test
