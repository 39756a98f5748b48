// Contracts whose references lead nowhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Resource(const std::string& name, const std::string& fields,
                     const std::string& key = "int64 key") {
  return "message " + name + " { option (storage.v1.table) = {};" + key +
         " = 1 [(google.api.field_behavior) = IDENTIFIER];" + fields + "}";
}

std::string References(const std::string& target, const std::string& more = "") {
  return "(storage.v1.column).references = {resource: '" + target + "' " + more + "}";
}

std::string Refusal(const std::string& body) { return InlineContract(body).Refusal(); }

TEST(References, NameAResource) {
  for (const char* name : {"Nothing", "Part", "other.v1.Thing"}) {
    EXPECT_THAT(Refusal(Resource("Thing", "int64 f = 2 [" + References(name) + "];") +
                        "message Part { int64 key = 1; }"),
                HasSubstr(std::string("test/v1/test.proto: test.v1.Thing.f: refers to ") + name +
                          ", which is not a resource of the contract; name a message that has "
                          "(storage.v1.table)"));
  }
  EXPECT_THAT(Refusal(Resource("Thing", "int64 f = 2 [(storage.v1.column).references = {}];")),
              HasSubstr("refers to nothing"));
  EXPECT_EQ(Refusal(Resource("Thing", "int64 f = 2 [" + References("test.v1.Thing") + "];")), "");
}

TEST(References, HaveTheTypeOfTheKey) {
  EXPECT_THAT(Refusal(Resource("Thing", "int32 f = 2 [" + References("Thing") + "];")),
              HasSubstr("test.v1.Thing.f: has another type than the key that it refers to, "
                        "test.v1.Thing.key: integer instead of bigint"));
  EXPECT_THAT(Refusal(Resource("Thing",
                               "optional string f = 2 [(buf.validate.field).string.uuid = true, " +
                                   References("Thing") + "];",
                               "string key")),
              HasSubstr("uuid instead of text; give both the same type, and string.uuid "
                        "to both or to neither"));
}

TEST(References, AreSingleAndWritten) {
  EXPECT_THAT(
      Refusal(Resource("Thing", "repeated int64 f = 2 [" + References("Thing") + "];")),
      HasSubstr("test.v1.Thing.f: refers to several rows, which a foreign key cannot express"));
  EXPECT_THAT(Refusal(Resource("Thing", "int64 f = 2 [(google.api.field_behavior) = OUTPUT_ONLY, " +
                                            References("Thing") + "];")),
              HasSubstr("test.v1.Thing.f: is OUTPUT_ONLY, so no request could set the reference"));
}

TEST(References, ThatBecomeAbsentMayBe) {
  const std::string set_null = References("Thing", "on_delete: ON_DELETE_SET_NULL");
  EXPECT_EQ(Refusal(Resource("Thing", "int64 f = 2 [" + set_null + "];")), "");
  EXPECT_THAT(Refusal(Resource("Thing", "int64 f = 2 [(google.api.field_behavior) = REQUIRED, " +
                                            set_null + "];")),
              HasSubstr("test.v1.Thing.f: cannot become absent, which ON_DELETE_SET_NULL needs"));
  // The rule refuses the empty text, so the field is never absent.
  const auto uuid = [](const std::string& field) {
    return Refusal(
        "message Thing { option (storage.v1.table) = {}; string key = 1 ["
        "(google.api.field_behavior) = IDENTIFIER, (buf.validate.field).string.uuid = true];" +
        field + "}");
  };
  EXPECT_THAT(uuid("string f = 2 [(buf.validate.field).string.uuid = true, " + set_null + "];"),
              HasSubstr("make a UUID `optional`"));
  EXPECT_EQ(
      uuid("optional string f = 2 [(buf.validate.field).string.uuid = true, " + set_null + "];"),
      "");
}

TEST(References, CannotRequireOneAnother) {
  const auto to = [](const std::string& name, bool required) {
    return "int64 f = 2 [" +
           std::string(required ? "(google.api.field_behavior) = REQUIRED, " : "") +
           References(name) + "];";
  };
  const std::string refusal = Refusal(Resource("A", to("B", true)) + Resource("B", to("C", true)) +
                                      Resource("C", to("A", true)) + Resource("D", ""));
  for (const char* field : {"A.f", "B.f", "C.f"}) {
    EXPECT_THAT(refusal, HasSubstr(std::string("test/v1/test.proto: test.v1.") + field +
                                   ": requires a row that requires one of this resource in turn, "
                                   "so there can be no first; drop REQUIRED"));
  }
  EXPECT_EQ(Refusal(Resource("A", to("B", true)) + Resource("B", to("A", false))), "");
  // Nothing is wrong with one that refers to those of a cycle and is not of it.
  EXPECT_THAT(Refusal(Resource("A", to("B", true)) + Resource("B", to("A", true)) +
                      Resource("E", to("A", true))),
              Not(HasSubstr("test.v1.E")));
  EXPECT_EQ(Refusal(Resource("A", to("A", true))), "");  // the first refers to itself
}

}  // namespace
}  // namespace dataservice::test
