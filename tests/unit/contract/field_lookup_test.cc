// What clients call a field: in masks, orders and filters.
#include "contract/field_lookup.h"

#include <gmock/gmock.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/field_mask.pb.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "serve/filter/filter.h"
#include "serve/request/order_by.h"
#include "serve/request/read_mask.h"
#include "serve/request/update_mask.h"

namespace dataservice::test {
namespace {

using testing::ElementsAre;

const InlineContract& Things() {
  static const InlineContract& contract = *new InlineContract(R"(
    message Part {
      string inner_name = 1 [json_name = "innerLabel"];
      string other = 2;
    }
    message Thing {
      option (storage.v1.table) = {};
      string id = 1 [(google.api.field_behavior) = IDENTIFIER];
      string display_name = 2 [json_name = "theLabel"];
      string label = 3 [json_name = "display"];
      Part part_of_it = 4 [json_name = "piece"];
    })");
  return contract;
}

std::string Found(const std::string& name) {
  const auto* field = FindField(*Things().resource().message, name);
  return field == nullptr ? "" : field->name();
}

TEST(FieldLookup, KnowsEverySpelling) {
  for (const char* spelling : {"display_name", "theLabel", "displayName", "the_label"}) {
    EXPECT_EQ(Found(spelling), "display_name") << spelling;
  }
  // A name is stronger than what others are spelled.
  EXPECT_EQ(Found("label"), "label");
  EXPECT_EQ(Found("display"), "label");
  for (const char* none : {"", "Label", "DISPLAY_NAME", "displayname", "display name", "x"}) {
    EXPECT_EQ(Found(none), "") << none;
  }
}

TEST(FieldLookup, ServesFilterAndOrder) {
  for (const std::string spelling : {"display_name", "theLabel", "displayName"}) {
    EXPECT_TRUE(ParseFilter(spelling + " = \"a\"", Things().resource()).ok()) << spelling;
    Violations violations;
    const auto order =
        ParseOrderBy(spelling + " desc", Things().resource(), "order_by", violations);
    EXPECT_TRUE(violations.empty()) << spelling;
    EXPECT_EQ(order.front().column, Things().resource().Find("display_name")) << spelling;
  }
  EXPECT_TRUE(ParseFilter("piece.innerLabel = \"a\"", Things().resource()).ok());
}

TEST(FieldLookup, ServesMasks) {
  const Resource& resource = Things().resource();
  google::protobuf::DynamicMessageFactory factory;
  const auto& row = *factory.GetPrototype(resource.message);
  for (const std::string spelling : {"display_name", "theLabel", "displayName", "the_label"}) {
    google::protobuf::FieldMask mask;
    mask.add_paths(spelling);
    Violations violations;
    const auto read = ParseReadMask(mask, resource, {}, "read_mask", violations);
    const MaskedFields written = FieldsOfMask(resource, mask, row, "update_mask", violations);
    EXPECT_TRUE(violations.empty()) << spelling;
    EXPECT_THAT(read.value().columns, ElementsAre(resource.Find("display_name"))) << spelling;
    EXPECT_THAT(written.columns, ElementsAre(resource.Find("display_name"))) << spelling;
  }
  // Inside a stored message, too; the paths that trim what was read are of names.
  google::protobuf::FieldMask mask;
  mask.add_paths("piece.innerLabel");
  mask.add_paths("part_of_it.inner_label");
  Violations violations;
  const auto read = ParseReadMask(mask, resource, {}, "read_mask", violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_THAT(read.value().sub_fields, ElementsAre("part_of_it.inner_name"));
}

}  // namespace
}  // namespace dataservice::test
