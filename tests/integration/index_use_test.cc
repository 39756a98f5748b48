// Lists use the indexes that there are: what PostgreSQL plans for their statements.
#include <gmock/gmock.h>

#include <pqxx/pqxx>

#include "engine_fixture.h"
#include "serve/filter/filter.h"
#include "serve/request/order_by.h"
#include "serve/sql/statement.h"

namespace dataservice::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

class IndexUseTest : public EngineTest {
 protected:
  static void SetUpTestSuite() {
    EngineTest::SetUpTestSuite();
    contract_ = *Contract::BuildFromGeneratedPool("types/v1/types.proto");
  }

  void SetUp() override {
    EngineTest::SetUp();
    Sql("INSERT INTO types.\"order\" (code, \"user\") SELECT 'c' || n, 'u' || n "
        "FROM generate_series(1, 20000) AS n");
    Sql("INSERT INTO types.sample (id, order_code, origin_id, text) "
        "SELECT gen_random_uuid(), 'c' || (n / 10 + 1), NULL, 't' || n "
        "FROM generate_series(1, 20000) AS n");
    Sql("ANALYZE types.\"order\", types.sample");
  }

  // The plan of a page of a list; `after` are the values of the position that it
  // begins after, if any.
  static std::string Plan(const google::protobuf::Descriptor* message, const std::string& filter,
                          const std::string& order_by, const std::vector<std::string>& after = {}) {
    const Resource& resource = *contract_->FindResource(message);
    ListShape shape{.resource = &resource, .rows_field = 1};
    Violations violations;
    shape.order = ParseOrderBy(order_by, resource, "order_by", violations);
    EXPECT_TRUE(violations.empty()) << order_by;
    shape.after.assign(after.size(), true);
    auto checked = ParseFilter(filter, resource);
    EXPECT_TRUE(checked.ok()) << checked.status();
    shape.condition = checked->condition;
    std::vector<std::string> values = after;
    for (size_t i = 0; i < checked->values.size(); ++i) values.emplace_back(*checked->values[i]);
    values.emplace_back("51");
    pqxx::connection connection(OwnerDatabase());
    pqxx::nontransaction work(connection);
    std::string plan;
    for (const auto& line : work.exec_params("EXPLAIN (COSTS OFF) " + BuildStatement(shape).text,
                                             pqxx::prepare::make_dynamic_params(values))) {
      plan += line[0].c_str();
      plan += '\n';
    }
    return plan;
  }

  static std::string PlanOfOrders(const std::string& filter, const std::string& order_by = "",
                                  const std::vector<std::string>& after = {}) {
    return Plan(types::v1::Order::descriptor(), filter, order_by, after);
  }

  inline static std::unique_ptr<Contract> contract_;
};

TEST_F(IndexUseTest, OfAFilter) {
  for (const char* filter :
       {"user = u77", "user = \"u77*\"", "user > u199 AND user <= u1990", "user >= u9999",
        "code = c1 OR user = u5", "code = c5 group = 7", "user:u77", "code = (c1 OR c2 OR c3)",
        "(user = u1 OR user = u2) AND group = 0"}) {
    const std::string plan = PlanOfOrders(filter);
    EXPECT_THAT(plan, AnyOf(HasSubstr("Index Scan"), HasSubstr("Index Cond"))) << filter;
    EXPECT_THAT(plan, HasSubstr("Index Cond")) << filter;
    EXPECT_THAT(plan, Not(HasSubstr("Seq Scan"))) << filter;
  }
}

TEST_F(IndexUseTest, OfAReference) {
  const std::string plan = Plan(types::v1::Sample::descriptor(), "order_code = c50", "");
  EXPECT_THAT(plan, HasSubstr("Index Cond: (order_code = 'c50'::text)"));
}

// No sort, and a range of the index: page 1,000 costs what page 1 costs.
TEST_F(IndexUseTest, OfAnOrder) {
  struct Case {
    const char* order_by;
    std::vector<std::string> after;
  };
  for (const Case& c :
       {Case{"", {}}, Case{"", {"c5"}}, Case{"code desc", {}}, Case{"code desc", {"c5"}}}) {
    const std::string plan = PlanOfOrders("", c.order_by, c.after);
    EXPECT_THAT(plan, HasSubstr("Index Scan")) << c.order_by;
    EXPECT_THAT(plan, Not(HasSubstr("Sort"))) << c.order_by;
    EXPECT_EQ(plan.find("Index Cond") != std::string::npos, !c.after.empty()) << plan;
  }
}

}  // namespace
}  // namespace dataservice::test
