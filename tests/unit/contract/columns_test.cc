#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/column.h"
#include "contract/fixture.h"

namespace dataservice::test {
namespace {

std::string Describe(const Column& c) { return DdlTypeName(c) + (c.nullable ? "" : " not null"); }

std::string TypeOf(const std::string& field, const std::string& more = "") {
  const InlineContract contract(R"(
    enum Kind { KIND_UNSPECIFIED = 0; KIND_A = 1; }
    message Part { string name = 1; }
    message Thing {
      option (storage.v1.table) = {};
      int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];
      )" + field + "\n}" + more);
  if (!contract.Refusal().empty()) return contract.Refusal();
  return Describe(contract.resource().columns[1]);
}

TEST(Columns, ScalarsHaveTheirType) {
  EXPECT_EQ(TypeOf("bool f = 2;"), "boolean not null");
  EXPECT_EQ(TypeOf("sint32 f = 2;"), "integer not null");
  EXPECT_EQ(TypeOf("uint32 f = 2;"), "bigint not null");
  EXPECT_EQ(TypeOf("fixed64 f = 2;"), "numeric(20) not null");
  EXPECT_EQ(TypeOf("float f = 2;"), "real not null");
  EXPECT_EQ(TypeOf("double f = 2;"), "double precision not null");
  EXPECT_EQ(TypeOf("bytes f = 2;"), "bytea not null");
  EXPECT_EQ(TypeOf("Kind f = 2;"), "integer not null");
}

TEST(Columns, TextFollowsItsRules) {
  EXPECT_EQ(TypeOf("string f = 2;"), "text not null");
  EXPECT_EQ(TypeOf("string f = 2 [(buf.validate.field).string.max_len = 7];"),
            "varchar(7) not null");
  EXPECT_EQ(TypeOf("string f = 2 [(buf.validate.field).string.len = 7];"), "varchar(7) not null");
  EXPECT_EQ(TypeOf("string f = 2 [(buf.validate.field).string.max_len = 99999999];"),
            "text not null");
  EXPECT_EQ(TypeOf("optional string f = 2 [(buf.validate.field).string.uuid = true];"), "uuid");
}

TEST(Columns, PresenceIsNull) {
  EXPECT_EQ(TypeOf("optional int32 f = 2;"), "integer");
  EXPECT_EQ(TypeOf("google.protobuf.Int64Value f = 2;"), "bigint");
  EXPECT_EQ(TypeOf("google.protobuf.Timestamp f = 2;"), "timestamptz");
  EXPECT_EQ(TypeOf("google.protobuf.Timestamp f = 2 [(google.api.field_behavior) = REQUIRED];"),
            "timestamptz not null");
  EXPECT_EQ(TypeOf("oneof choice { string f = 2; }"), "text");
}

TEST(Columns, ListsAndMessages) {
  EXPECT_EQ(TypeOf("repeated int32 f = 2;"), "integer[] not null");
  EXPECT_EQ(TypeOf("repeated Part f = 2;"), "jsonb not null");
  EXPECT_EQ(TypeOf("Part f = 2;"), "jsonb");
  EXPECT_EQ(TypeOf("map<string, int32> f = 2;"), "jsonb not null");
}

TEST(Columns, AReferenceThatIsNotRequiredMayBeNull) {
  EXPECT_EQ(TypeOf("int64 f = 2 [(storage.v1.column).references = {resource: 'Thing'}];"),
            "bigint");
  EXPECT_EQ(TypeOf("int64 f = 2 [(storage.v1.column).references = {resource: 'Thing'}, "
                   "(google.api.field_behavior) = REQUIRED];"),
            "bigint not null");
}

TEST(Columns, RefusesNamesThatPostgresqlHas) {
  EXPECT_THAT(TypeOf("string xmin = 2;"),
              testing::HasSubstr("test/v1/test.proto: test.v1.Thing.xmin: PostgreSQL has a system "
                                 "column of this name; rename the field"));
  EXPECT_THAT(TypeOf("string " + std::string(64, 'a') + " = 2;"),
              testing::HasSubstr("longer than PostgreSQL's 63 bytes"));
}

TEST(Columns, RefusesARequiredOutput) {
  EXPECT_THAT(TypeOf("string f = 2 [(google.api.field_behavior) = OUTPUT_ONLY, "
                     "(google.api.field_behavior) = REQUIRED];"),
              testing::HasSubstr("contradict each other"));
}

}  // namespace
}  // namespace dataservice::test
