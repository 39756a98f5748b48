#include "schema/model/ddl.h"

#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "golden.h"
#include "schema/model/model.h"

namespace dataservice::test {
namespace {

using namespace schema;
TEST(Ddl, OfTheShippedContract) {
  ExpectGolden("shipped_schema.sql",
               DdlScript(ModelOfContract(ShippedContract()), {.app = "app", .reader = "reader"}));
}

TEST(Ddl, OfEveryType) {
  ExpectGolden("types_schema.sql", DdlScript(ModelOfContract(TypesContract()), {}));
}

TEST(Ddl, OfRowsThatBelongToSomebody) {
  ExpectGolden("owned_schema.sql", DdlScript(ModelOfContract(OwnedContract()), {}));
}

TEST(Ddl, OfEveryRule) {
  const InlineContract contract(R"(
    enum Kind { KIND_UNSPECIFIED = 0; KIND_A = 1; KIND_B = 2; }
    message Thing {
      option (storage.v1.table) = {};
      int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];
      string len = 2 [(buf.validate.field).string.len = 3];
      string min = 3 [(buf.validate.field).string.min_len = 3];
      string bytes_range = 4 [(buf.validate.field).string = {min_bytes: 1 max_bytes: 9}];
      string prefixed = 5 [(buf.validate.field).string = {prefix: "it's" suffix: "\\"}];
      string contains = 6 [(buf.validate.field).string = {contains: "a" not_contains: "b"}];
      string one_of = 7 [(buf.validate.field).string = {in: ["a", "b"]}];
      string pattern = 8 [(buf.validate.field).string.pattern = "^a.\\w{2,3}$"];
      string server_pattern = 9 [(buf.validate.field).string.pattern = "(?i)a"];
      string email = 10 [(buf.validate.field).string.email = true];
      bytes data = 11 [(buf.validate.field).bytes = {min_len: 1 max_len: 4 prefix: "\x00"}];
      Kind kind = 12 [(buf.validate.field).enum = {not_in: [0]}];
      double inside = 13 [(buf.validate.field).double = {gt: 0 lte: 1}];
      float outside = 14 [(buf.validate.field).float = {gt: 5 lt: -5}];
      float finite = 15 [(buf.validate.field).float.finite = true];
      uint64 listed = 16 [(buf.validate.field).uint64 = {in: [1, 18446744073709551615]}];
      int32 zero_or_more = 17 [(buf.validate.field).int32.gte = 5,
                               (buf.validate.field).ignore = IGNORE_IF_ZERO_VALUE];
      bool always = 18 [(buf.validate.field).bool.const = true];
      google.protobuf.Timestamp when = 19 [(buf.validate.field).timestamp = {
        gte: {seconds: 0} lt_now: true}];
      repeated string tags = 20 [(buf.validate.field).repeated = {
        min_items: 1 max_items: 3 unique: true}];
      map<string, string> pairs = 21 [(buf.validate.field).map = {min_pairs: 1 max_pairs: 2}];
      repeated string needed = 22 [(google.api.field_behavior) = REQUIRED];
      oneof choice {
        option (buf.validate.oneof).required = true;
        string a = 23;
        int32 b = 24;
      }
      int32 ignored = 25 [(buf.validate.field).int32.gte = 5,
                          (buf.validate.field).ignore = IGNORE_ALWAYS];
      google.protobuf.StringValue wrapped = 26 [(buf.validate.field).string.min_len = 2];
    })");
  ASSERT_EQ(contract.Refusal(), "");
  ExpectGolden("rules_schema.sql", DdlScript(ModelOfContract(*contract), {}));
}

TEST(ObjectName, LongOnesAreCutAndStayApart) {
  const std::string long_name(80, 'a');
  EXPECT_EQ(ObjectName(long_name).size(), 63U);
  EXPECT_NE(ObjectName(long_name), ObjectName(long_name + "b"));
  EXPECT_EQ(ObjectName("short"), "short");
}

}  // namespace
}  // namespace dataservice::test
