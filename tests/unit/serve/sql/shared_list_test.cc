#include "serve/sql/shared_list.h"

#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "serve/filter/filter.h"

namespace dataservice::test {
namespace {

const Resource& Sample() { return *TypesContract().resources()[1]; }

ListShape Filtered(std::string_view text) {
  ListShape shape{.resource = &Sample(), .order = {{Sample().key}}};
  const auto filter = ParseFilter(text, Sample());
  EXPECT_TRUE(filter.ok()) << text << ": " << filter.status();
  if (filter.ok()) shape.condition = filter->condition;
  TakeEqualities(shape);
  return shape;
}

TEST(SharedLists, OfAnIndexOrOfOneParent) {
  EXPECT_TRUE(SharesStatement(Filtered("")));
  ListShape page = Filtered("");
  page.after = {true};
  EXPECT_TRUE(SharesStatement(page));
  page.order = {{Sample().Find("opt_text"), true}, {Sample().key}};
  page.after = {false, true};
  EXPECT_FALSE(SharesStatement(page));
  page.columns = {Sample().Find("order_code")};
  EXPECT_TRUE(SharesStatement(page));
}

TEST(SharedLists, NotOfWhatReadsManyRows) {
  ListShape counted = Filtered("");
  counted.total = true;
  EXPECT_FALSE(SharesStatement(counted));
  const Resource& order = *TypesContract().resources()[0];
  ListShape computed{.resource = &order,
                     .order = {{order.key}},
                     .read_mask = ReadMask{.columns = {order.key}, .computed = {0}}};
  EXPECT_FALSE(SharesStatement(computed));
  computed.read_mask->computed.clear();
  EXPECT_TRUE(SharesStatement(computed));
  EXPECT_FALSE(SharesStatement(Filtered("i32 > 5")));
  EXPECT_FALSE(SharesStatement(Filtered("i32 = 5")));
  EXPECT_FALSE(SharesStatement(Filtered("order_code = a AND i32 > 5")));
}

TEST(SharedLists, OfEqualitiesInAFilter) {
  const int order_code = Sample().Find("order_code");
  EXPECT_EQ(Filtered("order_code = a").columns, std::vector<int>{order_code});
  EXPECT_TRUE(SharesStatement(Filtered("order_code = a")));
  const ListShape two = Filtered("order_code = a AND i32 = 5");
  EXPECT_EQ(two.columns, (std::vector<int>{order_code, Sample().Find("i32")}));
  EXPECT_TRUE(two.condition.empty());
  for (const char* other : {"NOT order_code = a", "order_code = a OR order_code = b",
                            "part.name = a", "order_code != a", "order_code = \"a*\""}) {
    const ListShape shape = Filtered(other);
    EXPECT_TRUE(shape.columns.empty()) << other;
    EXPECT_FALSE(shape.condition.empty()) << other;
  }
}

// The plan is made for the limit, so it must not be far above the rows that are read.
TEST(SharedLists, HaveALimitNearTheSizeOfThePage) {
  EXPECT_EQ(SharedLimit(1), 101);
  EXPECT_EQ(SharedLimit(100), 101);
  EXPECT_EQ(SharedLimit(101), 1001);
  EXPECT_EQ(SharedLimit(1000), 1001);
}

}  // namespace
}  // namespace dataservice::test
