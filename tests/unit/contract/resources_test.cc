#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "contract/names.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

constexpr char kKey[] = "int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];";

std::string Refusal(const std::string& body) { return InlineContract(body).Refusal(); }

std::string Thing(const std::string& fields, const std::string& table = "") {
  return "message Thing { option (storage.v1.table) = {" + table + "};" + fields + "}";
}

TEST(Resources, TableNamesFollowTheMessage) {
  const InlineContract contract("message HTTPLogLine { option (storage.v1.table) = {};" +
                                std::string(kKey) + "}");
  EXPECT_EQ(contract.resource().schema, "test");
  EXPECT_EQ(contract.resource().table, "http_log_line");
}

TEST(Resources, ReferencedOnesComeFirst) {
  const InlineContract contract("message A { option (storage.v1.table) = {};" + std::string(kKey) +
                                "int64 b = 2 [(storage.v1.column).references = {resource: 'B'}];}"
                                "message B { option (storage.v1.table) = {};" +
                                kKey + "}");
  ASSERT_EQ(contract.Refusal(), "");
  EXPECT_EQ(contract.resource(0).message->name(), "B");
}

TEST(Resources, CyclesOfReferencesAreAllowed) {
  EXPECT_EQ(Refusal("message A { option (storage.v1.table) = {};" + std::string(kKey) +
                    "int64 b = 2 [(storage.v1.column).references = {resource: 'B'}];}"
                    "message B { option (storage.v1.table) = {};" +
                    kKey + "int64 a = 2 [(storage.v1.column).references = {resource: 'A'}];}"),
            "");
}

TEST(Resources, RefusesNone) {
  EXPECT_THAT(Refusal("message Thing {}"), HasSubstr("the contract has no resource"));
}

TEST(Resources, RefusesBadKeys) {
  EXPECT_THAT(Refusal(Thing("string name = 1;")),
              HasSubstr("test/v1/test.proto: test.v1.Thing: has no key"));
  EXPECT_THAT(Refusal(Thing(std::string(kKey) +
                            "int64 other = 2 [(google.api.field_behavior) = IDENTIFIER];")),
              HasSubstr("test.v1.Thing.other: is a second key"));
  EXPECT_THAT(Refusal(Thing("double key = 1 [(google.api.field_behavior) = IDENTIFIER];")),
              HasSubstr("a key is a string or an integer"));
  EXPECT_THAT(Refusal(Thing("optional int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];")),
              HasSubstr("a key is always present"));
}

TEST(Resources, RefusesAnEtagWithoutItsTime) {
  EXPECT_THAT(Refusal(Thing(std::string(kKey) + "string etag = 2;")),
              HasSubstr("is computed from update_time"));
}

TEST(Resources, RefusesTwoOnOneTable) {
  EXPECT_THAT(Refusal(Thing(kKey) + "message Other { option (storage.v1.table) = {name: 'thing'};" +
                      kKey + "}"),
              HasSubstr("have the same table test.thing"));
}

TEST(Resources, RefusesBadReferences) {
  EXPECT_THAT(
      Refusal(Thing(std::string(kKey) +
                    "int64 f = 2 [(storage.v1.column).references = {resource: 'Nothing'}];")),
      HasSubstr("refers to Nothing, which is not a resource"));
  EXPECT_THAT(
      Refusal(Thing(std::string(kKey) +
                    "string f = 2 [(storage.v1.column).references = {resource: 'Thing'}];")),
      HasSubstr("has another type than the key that it refers to"));
  EXPECT_THAT(Refusal(Thing(std::string(kKey) +
                            "int64 f = 2 [(google.api.field_behavior) = REQUIRED, "
                            "(storage.v1.column).references = {resource: 'Thing' on_delete: "
                            "ON_DELETE_SET_NULL}];")),
              HasSubstr("cannot become absent"));
}

TEST(Resources, RefusesBadIndexes) {
  EXPECT_THAT(Refusal(Thing(kKey, "indexes: [{fields: ['nothing']}]")),
              HasSubstr("has an index on nothing, which is not a stored field"));
  EXPECT_THAT(Refusal(Thing(kKey, "indexes: [{}]")), HasSubstr("has an index without fields"));
  EXPECT_THAT(
      Refusal(Thing(std::string(kKey) + "repeated string f = 2;", "indexes: [{fields: ['f']}]")),
      HasSubstr("cannot be indexed"));
}

TEST(Resources, RefusesRulesThatAreNotEnforced) {
  EXPECT_THAT(Refusal(Thing(std::string(kKey) +
                            "string f = 2 [(buf.validate.field).cel = {id: 'x' expression: "
                            "'true'}];")),
              HasSubstr("cel"));
}

TEST(Names, SnakeCaseAndPlurals) {
  EXPECT_EQ(SnakeCase("OrderLine"), "order_line");
  EXPECT_EQ(SnakeCase("HTTPServer"), "http_server");
  EXPECT_EQ(SchemaOfPackage("a.b.v1beta1"), "a_b");
  EXPECT_EQ(SchemaOfPackage("shop"), "shop");
  EXPECT_EQ(SchemaOfPackage(""), "public");
  const auto& order = *TypesContract().resources()[0]->message;
  EXPECT_TRUE(IsPluralOf("Orders", order));
  EXPECT_FALSE(IsPluralOf("Order", order));
}

}  // namespace
}  // namespace dataservice::test
