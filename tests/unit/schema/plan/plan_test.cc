// What leads from one contract to another, without a database.
#include "schema/plan/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "contract/fixture.h"
#include "schema/apply/plan_text.h"
#include "schema/plan/plan_case.h"

namespace dataservice::test {
namespace {

using namespace schema;
class PlanTest : public testing::TestWithParam<PlanCase> {};

// A database at the old contract, as the catalogue gives it, is its model.
TEST_P(PlanTest, IsTheExpectedOne) {
  const PlanCase& param = GetParam();
  const InlineContract before(param.old_contract);
  const InlineContract after(param.new_contract);
  ASSERT_EQ(before.Refusal(), "");
  ASSERT_EQ(after.Refusal(), "");
  const SchemaModel wanted = ModelOfContract(*after);
  const std::string text = PlanText({.plan = MakePlan(wanted, ModelOfContract(*before))});
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(param.path, std::ios::binary) << param.WithPlan(text);
    return;
  }
  EXPECT_EQ(text, param.plan) << param.path << "; rewrite it with UPDATE_GOLDEN=1";
}

INSTANTIATE_TEST_SUITE_P(Cases, PlanTest, testing::ValuesIn(PlanCases()),
                         [](const auto& info) { return info.param.name; });

TEST(Plan, OfEqualContractsIsEmpty) {
  for (const Contract* contract : {&ShippedContract(), &TypesContract()}) {
    const SchemaModel model = ModelOfContract(*contract);
    EXPECT_THAT(MakePlan(model, model).steps, testing::IsEmpty());
  }
}

}  // namespace
}  // namespace dataservice::test
