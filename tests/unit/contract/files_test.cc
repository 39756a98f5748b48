// Contracts whose files, tables and indexes contradict PostgreSQL or themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "contract/fixture.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

constexpr char kKey[] = "int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];";

std::string Refusal(const std::string& body, const std::string& syntax = "proto3") {
  return InlineContract(body, syntax).Refusal();
}

std::string Thing(const std::string& table, const std::string& fields = "",
                  const std::string& name = "Thing") {
  return "message " + name + " { option (storage.v1.table) = {" + table + "};" + kKey + fields +
         "}";
}

TEST(Files, AreLinkedAndNamedOnce) {
  const auto missing = Contract::BuildFromGeneratedPool("no/such.proto");
  EXPECT_THAT(std::string(missing.status().message()),
              HasSubstr("no/such.proto: is not linked into this program; name it in "
                        "data_service()"));
  const auto twice = Contract::BuildFromGeneratedPool("types/v1/types.proto,types/v1/types.proto");
  EXPECT_THAT(std::string(twice.status().message()),
              HasSubstr("types/v1/types.proto: is named twice; name each file once"));
}

TEST(Files, AreInProto3) {
  const std::string refusal = Refusal(
      "message Thing { option (storage.v1.table) = {};"
      "required int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];"
      "optional int32 five = 2 [default = 5]; extensions 100 to 200;"
      "optional group Part = 3 { optional string name = 1; } }"
      "extend Thing { optional string more = 100; }",
      "proto2");
  EXPECT_THAT(refusal, HasSubstr("test/v1/test.proto: is not in proto3, and groups, extensions, "
                                 "defaults and required fields are not stored; write `syntax = "
                                 "\"proto3\";`"));
  EXPECT_THAT(refusal, HasSubstr("groups are not supported; use a message"));
}

TEST(Files, HaveNoStorageOptionsThatMeanNothing) {
  EXPECT_THAT(
      Refusal(Thing("") + "message Part { message Inner { int64 thing = 1 "
                          "[(storage.v1.column).references = {resource: 'Thing'}]; } }"),
      HasSubstr("test/v1/test.proto: test.v1.Part.Inner.thing: has (storage.v1.column), but Inner "
                "is no resource; drop the option, or give Inner (storage.v1.table)"));
}

TEST(Tables, OfNestedMessagesAreServed) {
  const InlineContract contract("message Outer { " + Thing("", "", "Inner") + "}");
  ASSERT_EQ(contract.Refusal(), "");
  EXPECT_EQ(contract.resource().table, "inner");
}

TEST(Tables, HaveNamesOfTheirOwn) {
  EXPECT_THAT(Refusal(Thing("", "", "OrderLine") + Thing("", "", "Order_Line")),
              HasSubstr("test/v1/test.proto: test.v1.Order_Line: and test.v1.OrderLine have the "
                        "same table test.order_line; name one of them with "
                        "(storage.v1.table).name"));
  EXPECT_EQ(Refusal(Thing("", "", "OrderLine") + Thing("schema: 'other'", "", "Order_Line")), "");
}

TEST(Tables, HaveNamesThatPostgresqlTakes) {
  const std::string long_name(64, 'a');
  EXPECT_THAT(Refusal(Thing("name: '" + long_name + "'")),
              HasSubstr("test/v1/test.proto: test.v1.Thing: the name of its table, " + long_name +
                        ", is longer than PostgreSQL's 63 bytes; give another with "
                        "(storage.v1.table).name"));
  EXPECT_THAT(Refusal(Thing("", "", "A" + long_name)), HasSubstr("the name of its table"));
  EXPECT_THAT(Refusal(Thing("schema: '" + long_name + "'")),
              HasSubstr("give another with (storage.v1.table).schema"));
  EXPECT_THAT(Refusal(Thing("name: 'a\\0b'")), HasSubstr("the name of its table has a NUL"));
  EXPECT_THAT(Refusal(Thing("schema: 'a\\0b'")), HasSubstr("the name of its schema has a NUL"));
  for (const char* schema : {"pg_catalog", "pg_things", "information_schema"}) {
    EXPECT_THAT(Refusal(Thing(absl::StrCat("schema: '", schema, "'"))),
                HasSubstr(absl::StrCat("its schema ", schema, " is PostgreSQL's own")));
  }
  EXPECT_EQ(Refusal(Thing("name: '" + long_name.substr(1) + "'")), "");
  EXPECT_EQ(Refusal(Thing("name: 'Odd \"name\"; --' schema: ''")), "");
}

TEST(Tables, HaveNoMoreColumnsThanPostgresqlTakes) {
  const auto wide = [](int columns) {
    std::string fields;
    for (int i = 2; i <= columns; ++i) absl::StrAppend(&fields, "bool f", i, " = ", i, ";");
    return Refusal(Thing("", fields));
  };
  EXPECT_EQ(wide(1600), "");
  EXPECT_THAT(wide(1601), HasSubstr("test.v1.Thing: has 1601 stored fields, and PostgreSQL's "
                                    "tables have at most 1600 columns"));
}

TEST(Indexes, AreOfStoredSingleValues) {
  const std::string fields =
      "repeated string tags = 2; Part part = 3; string etag = 4; google.protobuf.Timestamp "
      "update_time = 5 [(google.api.field_behavior) = OUTPUT_ONLY];} message Part { string x = 1;";
  const auto index = [&](const std::string& names) {
    return Refusal(Thing("indexes: [{fields: [" + names + "]}]", fields));
  };
  // And nothing else: not that what is left is an index on the key alone.
  EXPECT_EQ(
      index("'nothing'"),
      "test/v1/test.proto: test.v1.Thing: has an index on nothing, which is not a stored field; "
      "name a field of the message");
  EXPECT_EQ(index(""),
            "test/v1/test.proto: test.v1.Thing: has an index without fields; name at least one");
  EXPECT_THAT(index("'etag'"), HasSubstr("has an index on etag, which is not a stored field"));
  EXPECT_THAT(index("'tags'"), HasSubstr("test.v1.Thing.tags: cannot be indexed"));
  EXPECT_THAT(index("'part'"), HasSubstr("test.v1.Thing.part: cannot be indexed"));
  EXPECT_THAT(index("'update_time', 'update_time'"),
              HasSubstr("test.v1.Thing.update_time: occurs twice in one index; name it once"));
  EXPECT_EQ(index("'update_time'"), "");
}

TEST(Indexes, AreOfUse) {
  const auto indexed = [](const std::string& indexes) {
    return Refusal(Thing("indexes: [" + indexes + "]", "string a = 2; string b = 3;"));
  };
  EXPECT_THAT(indexed("{fields: ['a']}, {fields: ['a']}"),
              HasSubstr("test.v1.Thing: has two indexes on the same fields; drop one of them"));
  EXPECT_THAT(indexed("{fields: ['a', 'key']}, {fields: ['a']}"), HasSubstr("has two indexes"));
  for (const char* key : {"{fields: ['key']}", "{fields: ['key'] unique: true}"}) {
    EXPECT_THAT(indexed(key), HasSubstr("has an index on its key alone, which is indexed already"));
  }
  EXPECT_EQ(indexed("{fields: ['a', 'b']}, {fields: ['b', 'a']}, {fields: ['a'] unique: true}"),
            "");
}

TEST(Indexes, AreNoWiderThanPostgresqlTakes) {
  const auto wide = [](int width) {
    std::string fields;
    std::string names;
    for (int i = 2; i < width + 2; ++i) {
      absl::StrAppend(&fields, "bool f", i, " = ", i, ";");
      absl::StrAppend(&names, i == 2 ? "" : ", ", "'f", i, "'");
    }
    return Refusal(Thing("indexes: [{fields: [" + names + "]}]", fields));
  };
  EXPECT_EQ(wide(31), "");
  EXPECT_THAT(wide(32), HasSubstr("test.v1.Thing: has an index on 33 fields, the key included, and "
                                  "PostgreSQL's have at most 32; name fewer"));
}

}  // namespace
}  // namespace dataservice::test
