// Names of constraints and indexes that would be the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "contract/fixture.h"
#include "schema/model/model.h"

namespace dataservice::test {
namespace {

using namespace schema;
SchemaModel ModelOf(const std::string& body) {
  const InlineContract contract(body);
  EXPECT_EQ(contract.Refusal(), "");
  return ModelOfContract(*contract);
}

template <typename Objects>
std::set<std::string> NamesOf(const Objects& objects) {
  std::set<std::string> names;
  for (const auto& object : objects) EXPECT_TRUE(names.insert(object.name).second) << object.name;
  return names;
}

constexpr char kKey[] = "int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];";

TEST(SchemaNames, OfConstraintsStayApart) {
  const SchemaModel model =
      ModelOf(absl::StrCat("message Thing { option (storage.v1.table) = {};", kKey,
                           "optional string a = 2 [(buf.validate.field).string.min_len = 1];"
                           "optional string a_min = 3 [(buf.validate.field).string.len = 2];}"));
  EXPECT_EQ(NamesOf(model.tables[1].constraints).size(), 3U);
}

TEST(SchemaNames, OfIndexesStayApart) {
  const SchemaModel model = ModelOf(absl::StrCat(
      "message Thing { option (storage.v1.table) = {indexes: [{fields: ['a', 'b']}, {fields: "
      "['a_b']}]};",
      kKey, "string a = 2; string b = 3; string a_b = 4;}"));
  EXPECT_EQ(NamesOf(model.tables[1].indexes).size(), 2U);
}

TEST(SchemaNames, OfIndexesStayApartBetweenTables) {
  const SchemaModel model = ModelOf(
      absl::StrCat("message Thing { option (storage.v1.table) = {indexes: [{fields: ['size_a']}]};",
                   kKey, "string size_a = 2;}",
                   "message ThingSize { option (storage.v1.table) = {indexes: [{fields: ['a']}]};",
                   kKey, "string a = 2;}"));
  ASSERT_EQ(model.tables.size(), 3U);
  EXPECT_NE(model.tables[1].indexes[0].name, model.tables[2].indexes[0].name);
}

// num_nonnulls takes 100 arguments.
TEST(SchemaNames, LargeOneofsAreCounted) {
  std::string members;
  for (int i = 2; i <= 102; ++i) absl::StrAppend(&members, "bool f", i, " = ", i, ";");
  const SchemaModel model = ModelOf(absl::StrCat("message Thing { option (storage.v1.table) = {};",
                                                 kKey, "oneof one {", members, "}}"));
  EXPECT_THAT(DefinitionText(model.tables[1].constraints.back()),
              testing::StartsWith("CHECK ((f2 IS NOT NULL)::integer + (f3 IS NOT NULL)::integer"));
}

}  // namespace
}  // namespace dataservice::test
