// Lists use the indexes that there are: what PostgreSQL plans for their statements.
#include <gmock/gmock.h>

#include <pqxx/pqxx>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine_fixture.h"
#include "postgres/text.h"
#include "serve/filter/filter.h"
#include "serve/request/order_by.h"
#include "serve/sql/shared_list.h"
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

  // The plans of a statement that pages of orders share, in which array literals are the values of
  // two of them: as it is planned for these values, and once for all when it is prepared.
  static std::string SharedPlans(const std::vector<std::string>& columns,
                                 const std::string& order_by, const std::vector<std::string>& after,
                                 const std::vector<std::string>& values) {
    const Resource& resource = *contract_->FindResource(types::v1::Order::descriptor());
    ListShape shape{.resource = &resource, .rows_field = 1, .shared_limit = 101};
    for (const std::string& name : columns) shape.columns.push_back(resource.Find(name));
    Violations violations;
    shape.order = ParseOrderBy(order_by, resource, "order_by", violations);
    shape.after.assign(after.size(), true);
    EXPECT_TRUE(SharesStatement(shape)) << order_by;
    std::vector<std::string> literals;
    for (const auto& list : {after, values, {"{51,11}"}}) {
      for (const std::string& value : list) literals.push_back(Literal(value));
    }
    pqxx::connection connection(OwnerDatabase());
    pqxx::nontransaction work(connection);
    work.exec("PREPARE list AS " + BuildStatement(shape).text);
    std::string plans;
    for (const char* mode : {"force_custom_plan", "force_generic_plan"}) {
      work.exec(absl::StrCat("SET plan_cache_mode = ", mode));
      for (const auto& line : work.exec(absl::StrCat("EXPLAIN (COSTS OFF) EXECUTE list(",
                                                     absl::StrJoin(literals, ", "), ")"))) {
        absl::StrAppend(&plans, line[0].c_str(), "\n");
      }
    }
    return plans;
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

// Each page of a shared statement is a range of an index, too.
TEST_F(IndexUseTest, OfSharedPages) {
  struct Case {
    std::vector<std::string> columns;
    const char* order_by;
    std::vector<std::string> after;
    std::vector<std::string> values;
  };
  for (const Case& c :
       {Case{{}, "", {}, {}}, Case{{}, "", {"{c5,c7}"}, {}}, Case{{}, "code desc", {"{c5,c7}"}, {}},
        Case{{"user"}, "", {}, {"{u5,u7}"}}, Case{{"user"}, "group", {}, {"{u5,u7}"}},
        Case{{"code"}, "", {}, {"{c5,c7}"}}}) {
    const std::string plans = SharedPlans(c.columns, c.order_by, c.after, c.values);
    EXPECT_THAT(plans, HasSubstr("Index Scan")) << c.order_by;
    EXPECT_THAT(plans, Not(HasSubstr("Seq Scan"))) << c.order_by;
    if (c.columns.empty()) {
      EXPECT_THAT(plans, Not(HasSubstr("Sort"))) << c.order_by;
    }
    EXPECT_EQ(plans.find("Index Cond") != std::string::npos, !c.after.empty() || !c.values.empty())
        << plans;
  }
}

}  // namespace
}  // namespace dataservice::test
