#include "serve/sql/index_order.h"

#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "serve/request/order_by.h"

namespace dataservice::test {
namespace {

class IndexOrderTest : public testing::Test {
 protected:
  // Whether an index has the page, which is a later one unless `after` is empty: it has "v" for a
  // value and "0" for NULL, for each term of the order.
  bool Has(const std::vector<std::string>& equal, const std::string& order_by,
           std::string_view after = "") {
    const auto& resources = contract_->resources();
    const Resource& resource = **std::find_if(
        resources.begin(), resources.end(), [](auto& r) { return r->message->name() == "Thing"; });
    ListShape shape{.resource = &resource};
    for (const std::string& name : equal) shape.columns.push_back(resource.Find(name));
    Violations violations;
    shape.order = ParseOrderBy(order_by, resource, "order_by", violations);
    EXPECT_TRUE(violations.empty()) << order_by;
    for (const char c : after) shape.after.push_back(c == 'v');
    EXPECT_TRUE(after.empty() || after.size() == shape.order.size());
    return IsInIndexOrder(shape);
  }

  const InlineContract contract_{R"(
message Parent {
  option (storage.v1.table) = {};
  int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
}
message Thing {
  option (storage.v1.table) = {
    indexes: [{fields: ['year', 'name']}, {fields: ['code'] unique: true}, {fields: ['nick']}]
  };
  int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
  int32 year = 2;
  string name = 3;
  string code = 4;
  optional string nick = 5;
  int64 parent_id = 6 [(storage.v1.column).references = {resource: 'Parent'}];
  string other = 7;
})"};
};

TEST_F(IndexOrderTest, OfTheKey) {
  EXPECT_TRUE(Has({}, ""));
  EXPECT_TRUE(Has({}, "", "v"));
  EXPECT_TRUE(Has({}, "id desc", "v"));
  EXPECT_FALSE(Has({"other"}, ""));
}

TEST_F(IndexOrderTest, OfDeclaredIndexes) {
  EXPECT_TRUE(Has({}, "year, name"));
  EXPECT_TRUE(Has({}, "year, name", "vvv"));
  EXPECT_TRUE(Has({}, "year desc, name desc", "vvv"));
  EXPECT_FALSE(Has({}, "year, name desc"));
  EXPECT_FALSE(Has({}, "year desc, name desc, id asc"));
  // The index goes on with the name.
  EXPECT_FALSE(Has({}, "year"));
  EXPECT_FALSE(Has({}, "name"));
  EXPECT_FALSE(Has({}, "other"));
  // A unique index does not have the key.
  EXPECT_FALSE(Has({}, "code"));
}

TEST_F(IndexOrderTest, AfterEqualities) {
  EXPECT_TRUE(Has({"year"}, "name", "vv"));
  EXPECT_TRUE(Has({"year"}, "year, name", "vvv"));
  EXPECT_TRUE(Has({"name", "year"}, "", "v"));
  EXPECT_TRUE(Has({"year", "name", "year"}, "id desc"));
  EXPECT_FALSE(Has({"year"}, ""));
  EXPECT_FALSE(Has({"name"}, "year"));
  EXPECT_FALSE(Has({"year", "other"}, "name"));
  EXPECT_TRUE(Has({"parent_id"}, ""));
}

TEST_F(IndexOrderTest, OfOneRow) {
  EXPECT_TRUE(Has({"code"}, "other, name desc", "vvv"));
  EXPECT_TRUE(Has({"code", "other"}, ""));
  EXPECT_TRUE(Has({"id"}, "nick", "0v"));
}

TEST_F(IndexOrderTest, OfValuesThatMayBeNull) {
  EXPECT_TRUE(Has({}, "nick"));
  EXPECT_TRUE(Has({}, "nick desc"));
  EXPECT_TRUE(Has({"nick"}, "", "v"));
  EXPECT_FALSE(Has({}, "nick", "vv"));
  EXPECT_FALSE(Has({}, "nick", "0v"));
}

}  // namespace
}  // namespace dataservice::test
