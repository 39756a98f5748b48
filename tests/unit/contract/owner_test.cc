// Contracts whose rows have an owner (storage.v1.Owner).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"

namespace dataservice::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A message with a key, and these fields.
std::string Message(const std::string& name, const std::string& fields,
                    const std::string& table = "") {
  return "message " + name + " { option (storage.v1.table) = {" + table +
         "}; string id = 1 [(google.api.field_behavior) = IDENTIFIER];" + fields + "}";
}

std::string Owner(const std::string& claim = "sub", const std::string& more = "") {
  return "string owner = 2 [(google.api.field_behavior) = OUTPUT_ONLY, "
         "(storage.v1.column).owner = {claim: '" +
         claim + "'}" + more + "];";
}

std::string Refusal(const std::string& body) { return InlineContract(body).Refusal(); }

TEST(Owner, IsAColumnOfTheKey) {
  const InlineContract contract(Message("Thing", Owner() + "string name = 3; int32 size = 4;",
                                        "indexes: [{fields: ['name'] unique: true}, {fields: "
                                        "['size']}, {fields: ['size', 'owner']}]"));
  EXPECT_THAT(contract.Refusal(), HasSubstr("has two indexes on the same fields"));
  const InlineContract valid(
      Message("Thing", Owner() + "string name = 3; int32 size = 4;",
              "indexes: [{fields: ['name'] unique: true}, {fields: ['size']}]"));
  ASSERT_EQ(valid.Refusal(), "");
  const Resource& thing = valid.resource();
  EXPECT_EQ(thing.owner, 1);
  EXPECT_EQ(thing.owner_claim, "sub");
  EXPECT_FALSE(thing.owner_column().nullable);
  EXPECT_THAT(thing.PrimaryKey(), ElementsAre(1, 0));
  EXPECT_THAT(thing.indexes[0].columns, ElementsAre(1, 2));
  EXPECT_THAT(thing.indexes[1].columns, ElementsAre(1, 3, 0));
}

TEST(Owner, IsATextThatTheServerSets) {
  const std::string option = "(storage.v1.column).owner = {claim: 'sub'}";
  const std::string output = "(google.api.field_behavior) = OUTPUT_ONLY, ";
  EXPECT_THAT(Refusal(Message("Thing", "int64 owner = 2 [" + output + option + "];")),
              HasSubstr("test.v1.Thing.owner: an owner is one text"));
  EXPECT_THAT(Refusal(Message("Thing", "optional string owner = 2 [" + output + option + "];")),
              HasSubstr("an owner is always present"));
  EXPECT_THAT(Refusal(Message("Thing", "string owner = 2 [" + option + "];")),
              HasSubstr("an owner is set by the server"));
  EXPECT_THAT(Refusal(Message("Thing", Owner(""))), HasSubstr("has no claim"));
  EXPECT_THAT(Refusal(Message("Thing", Owner() + "string tenant = 3 [" + output + option + "];")),
              HasSubstr("test.v1.Thing.tenant: is a second owner"));
  EXPECT_THAT(Refusal(Message("Thing", Owner("sub", ", (buf.validate.field).string.min_len = 3"))),
              HasSubstr("can have no rule but string.uuid"));
  EXPECT_EQ(Refusal(Message("Thing", Owner("sub", ", (buf.validate.field).string.uuid = true"))),
            "");
}

std::string Reference(const std::string& more = "") {
  return "string thing = 3 [(storage.v1.column).references = {resource: 'Thing' " + more + "}];";
}

TEST(Owner, IsThatOfAReference) {
  const std::string thing = Message("Thing", Owner());
  EXPECT_EQ(Refusal(thing + Message("Part", Owner() + Reference())), "");
  EXPECT_THAT(Refusal(thing + Message("Part", Reference())),
              HasSubstr("test.v1.Part.thing: refers to test.v1.Thing, whose rows have an owner, "
                        "and Part has none"));
  EXPECT_THAT(Refusal(thing + Message("Part", Owner("tenant") + Reference())),
              HasSubstr("whose owner has another claim or type than that of Part"));
  EXPECT_THAT(
      Refusal(thing + Message("Part", Owner() + Reference("on_delete: ON_DELETE_SET_NULL"))),
      HasSubstr("ON_DELETE_SET_NULL is not supported"));
}

std::string PublicOwner() {
  return "string owner = 2 [(google.api.field_behavior) = OUTPUT_ONLY, "
         "(storage.v1.column).owner = {claim: 'sub' public_read: true}];";
}

TEST(Owner, OfPublicRowsIsNotPartOfTheKey) {
  const InlineContract contract(
      Message("Thing", PublicOwner() + "string name = 3; int32 size = 4;",
              "indexes: [{fields: ['name'] unique: true}, {fields: ['size']}, {fields: ['size', "
              "'name'] unique: true across_owners: true}]"));
  ASSERT_EQ(contract.Refusal(), "");
  const Resource& thing = contract.resource();
  EXPECT_TRUE(thing.has_owner());
  EXPECT_FALSE(thing.is_private());
  EXPECT_THAT(thing.PrimaryKey(), ElementsAre(0));
  EXPECT_THAT(thing.indexes[0].columns, ElementsAre(1, 2));
  EXPECT_THAT(thing.indexes[1].columns, ElementsAre(3, 0));
  EXPECT_THAT(thing.indexes[2].columns, ElementsAre(3, 2));
}

TEST(Owner, OfPublicRowsMayBeAnotherThanThatOfAReference) {
  const std::string thing = Message("Thing", PublicOwner());
  EXPECT_EQ(Refusal(thing + Message("Part", Reference())), "");
  EXPECT_EQ(Refusal(thing + Message("Part", Owner("tenant") + Reference())), "");
}

TEST(Owner, IsNotComparedByAnIndexAcrossOwners) {
  const std::string index = "indexes: [{fields: ['name'] unique: true across_owners: true}]";
  const std::string name = "string name = 3;";
  const InlineContract contract(Message("Thing", Owner() + name, index));
  ASSERT_EQ(contract.Refusal(), "");
  EXPECT_THAT(contract.resource().indexes[0].columns, ElementsAre(2));
  EXPECT_THAT(Refusal(Message("Thing", name, index)), HasSubstr("across_owners and has no owner"));
  EXPECT_THAT(Refusal(Message("Thing", Owner() + name,
                              "indexes: [{fields: ['name'] across_owners: true}]")),
              HasSubstr("across_owners that is not unique"));
}

TEST(Owner, IsNotForgottenByAComputedField) {
  const std::string parts = Message("Part", Owner() + Reference());
  const std::string count =
      "int32 count = 4 [(google.api.field_behavior) = OUTPUT_ONLY, (storage.v1.column).computed = "
      "{resource: 'Part' function: FUNCTION_COUNT}];";
  EXPECT_EQ(Refusal(Message("Thing", Owner() + count) + parts), "");
  EXPECT_THAT(
      Refusal(Message("Thing", PublicOwner() + count) + Message("Part", Owner() + Reference())),
      HasSubstr("it would show callers the rows of others"));
  EXPECT_THAT(Refusal(Message("Thing", count) + parts),
              HasSubstr("test.v1.Thing.count: is computed from test.v1.Part, whose rows only "
                        "their owners read"));
}

}  // namespace
}  // namespace dataservice::test
