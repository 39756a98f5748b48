// Contracts of several files and packages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "contract/fixture.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

// A package with a resource Item and all that a service needs of it.
std::string Package(const std::string& package, const std::string& rest) {
  return absl::StrCat("package ", package, R"(;
    message Item {
      option (storage.v1.table) = {};
      string code = 1 [(google.api.field_behavior) = IDENTIFIER];
    }
    message Key { string code = 1; }
    message Body { Item item = 1; string request_id = 2; }
    message Masked { Item item = 1; google.protobuf.FieldMask update_mask = 2; }
    message Page { int32 page_size = 1; string page_token = 2; }
    message Items { repeated Item items = 1; optional string next_page_token = 2; }
    message Keys { repeated string codes = 1; }
    message Bodies { repeated Body requests = 1; }
    message Rows { repeated Item items = 1; }
    message Any { string filter = 1; }
    )",
                      rest);
}

constexpr char kService[] = R"(service ItemService {
  rpc GetItem(Key) returns (Item);
  rpc ListItems(Page) returns (Items);
  rpc CreateItem(Body) returns (Item);
  rpc UpdateItem(Masked) returns (Item);
  rpc UpsertItem(Body) returns (Item);
  rpc DeleteItem(Key) returns (google.protobuf.Empty);
  rpc BatchGetItems(Keys) returns (Rows);
  rpc BatchCreateItems(Bodies) returns (Rows);
  rpc BatchDeleteItems(Keys) returns (google.protobuf.Empty);
  rpc ExportItems(Any) returns (stream Item);
})";

// The method of one element of a batch or import; null for other methods.
const Method* ElementOf(const Method& method) {
  return std::visit(
      [](const auto& fields) -> const Method* {
        if constexpr (requires { fields.element; }) return fields.element;
        return nullptr;
      },
      method.fields);
}

TEST(Packages, MayHaveResourcesOfOneName) {
  const InlineContract contract({{"left/v1/left.proto", Package("left.v1", kService)},
                                 {"right/v1/right.proto", Package("right.v1", kService)}});
  ASSERT_EQ(contract.Refusal(), "");
  ASSERT_EQ(contract->methods().size(), 20);
  for (const auto& method : contract->methods()) {
    EXPECT_EQ(method->resource->message->file(), method->descriptor->service()->file())
        << method->path;
    if (const Method* element = ElementOf(*method)) {
      EXPECT_EQ(element->resource, method->resource) << method->path;
    }
  }
}

TEST(Packages, OfServicesNeedNotBeThoseOfResources) {
  const auto refusal = [](const std::string& rpcs) {
    return InlineContract(std::map<std::string, std::string>{
                              {"api/v1/api.proto",
                               "package api.v1; import \"left/v1/left.proto\"; import "
                               "\"right/v1/right.proto\"; service Api { " +
                                   rpcs + " }"},
                              {"left/v1/left.proto", Package("left.v1", "")},
                              {"right/v1/right.proto", Package("right.v1", "")}})
        .Refusal();
  };
  EXPECT_EQ(refusal("rpc GetItem(right.v1.Key) returns (right.v1.Item);"
                    "rpc ListItems(right.v1.Page) returns (right.v1.Items);"
                    "rpc CreateItem(left.v1.Body) returns (left.v1.Item);"),
            "");
  EXPECT_EQ(refusal("rpc DeleteItem(right.v1.Key) returns (google.protobuf.Empty);"
                    "rpc GetItem(right.v1.Key) returns (right.v1.Item);"),
            "api/v1/api.proto: api.v1.Api.DeleteItem: could be a method of left.v1.Item and of "
            "right.v1.Item; put the service into the package of the intended one, or give "
            "one of the messages another name");
}

TEST(Packages, ReferToTheirOwnFirst) {
  const InlineContract contract(
      {{"left/v1/left.proto", Package("left.v1", "")},
       {"right/v1/right.proto",
        Package("right.v1",
                "message Part { option (storage.v1.table) = {};"
                "string code = 1 [(google.api.field_behavior) = IDENTIFIER];"
                "string own = 2 [(storage.v1.column).references = {resource: 'Item'}];"
                "string other = 3 [(storage.v1.column).references = {resource: "
                "'left.v1.Item'}]; }")}});
  ASSERT_EQ(contract.Refusal(), "");
  const Resource& part = contract.resource(2);
  EXPECT_EQ(part.columns[1].reference->resource->message->full_name(), "right.v1.Item");
  EXPECT_EQ(part.columns[2].reference->resource->message->full_name(), "left.v1.Item");
}

TEST(Packages, OfOneSchemaNameTheirTablesApart) {
  EXPECT_THAT(InlineContract(std::map<std::string, std::string>{
                                 {"shop/v1/shop.proto", Package("shop.v1", kService)},
                                 {"shop/v2/shop.proto", Package("shop.v2", kService)}})
                  .Refusal(),
              "shop/v2/shop.proto: shop.v2.Item: and shop.v1.Item have the same table shop.item; "
              "name one of them with (storage.v1.table).name");
}

}  // namespace
}  // namespace dataservice::test
