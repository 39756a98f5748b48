// Every case of the plans' goldens on a real database.
#include <gmock/gmock.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "schema/plan/plan_case.h"
#include "schema_fixture.h"
#include "suite_form.h"

namespace dataservice::test {
namespace {

using namespace schema;

using testing::IsEmpty;

struct Models {
  SchemaModel before;
  SchemaModel after;
};

// Made once a case: each takes a run of protoc.
const Models& ModelsOf(const PlanCase& plan_case) {
  static auto& known = *new std::map<std::string, Models>;
  const auto [found, added] = known.try_emplace(plan_case.name);
  if (added) {
    found->second = {ModelOfContract(*InlineContract(plan_case.old_contract)),
                     ModelOfContract(*InlineContract(plan_case.new_contract))};
  }
  return found->second;
}

class PlanOnDatabaseTest : public SchemaChangeTest, public testing::WithParamInterface<PlanCase> {
 protected:
  void Begin() {
    DropAll();
    const auto done = ApplySchema(old_);
    ASSERT_TRUE(done.ok()) << done.status();
    ASSERT_THAT(Wrong(old_), IsEmpty());
  }

  const SchemaModel& old_ = ModelsOf(GetParam()).before;
  const SchemaModel& new_ = ModelsOf(GetParam()).after;
};

// After how many of these steps the tool dies: each number of them, or three of them.
std::set<size_t> Deaths(size_t steps) {
  std::set<size_t> all;
  for (size_t deaths = 1; deaths < steps; ++deaths) all.insert(deaths);
  if (!IsShortForm() || all.size() <= 3) return all;
  return {1, steps / 2, steps - 1};
}

// What the plan would do is what the golden says; it leads to the new contract; and
// there is nothing left to do then.
TEST_P(PlanOnDatabaseTest, LeadsToTheNewContract) {
  Begin();
  const auto plan = PlanTo(new_);
  ASSERT_TRUE(plan.ok()) << plan.status();
  const Plan expected = MakePlan(new_, old_);
  ASSERT_EQ(plan->plan.refusals, expected.refusals);
  std::vector<std::vector<std::string>> statements[2];
  for (const Step& step : plan->plan.steps) statements[0].push_back(step.sql);
  for (const Step& step : expected.steps) statements[1].push_back(step.sql);
  EXPECT_EQ(statements[0], statements[1]);
  if (!plan->plan.refusals.empty()) return;

  const auto done = ApplyAll(new_);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(Wrong(new_), IsEmpty());
  EXPECT_THAT(PlanTo(new_)->plan.steps, IsEmpty());
}

// A tool that dies between two steps, whichever, is run again: the same end.
TEST_P(PlanOnDatabaseTest, GoesOnWhereItDied) {
  Begin();
  const auto plan = PlanTo(new_);
  ASSERT_TRUE(plan.ok()) << plan.status();
  if (!plan->plan.refusals.empty()) return;
  const std::set<std::string> allowed = Permissions(*plan);
  ASSERT_TRUE(ApplyAll(new_).ok());
  const std::string expected = Dump(new_);
  for (const size_t deaths : Deaths(plan->plan.steps.size())) {
    Begin();
    size_t steps = 0;
    ApplySettings settings{.allowed = allowed};
    settings.before_step = [&](const Step&) {
      return steps++ < deaths ? absl::OkStatus() : absl::CancelledError("died");
    };
    ASSERT_EQ(ApplySchema(new_, {}, settings).status().code(), absl::StatusCode::kCancelled);
    settings.before_step = nullptr;
    const auto done = ApplySchema(new_, {}, settings);
    ASSERT_TRUE(done.ok()) << "after " << deaths << ": " << done.status();
    EXPECT_EQ(Dump(new_), expected) << "after " << deaths;
  }
}

// Nobody allows what loses data: all else is done, what is needed refuses the
// whole, and the old rows are there.
TEST_P(PlanOnDatabaseTest, LosesNothingThatNobodyAllowed) {
  Begin();
  const auto plan = PlanTo(new_);
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto done = ApplySchema(new_);
  const std::vector<std::string> objections = Objections(*plan, {});
  ASSERT_EQ(done.ok(), objections.empty()) << done.status();
  if (!done.ok()) {
    EXPECT_THAT(Wrong(old_), IsEmpty());
    return;
  }
  const auto rest = PlanTo(new_);
  ASSERT_TRUE(rest.ok()) << rest.status();
  for (const Step& step : rest->plan.steps) {
    EXPECT_NE(step.permission, "") << step.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, PlanOnDatabaseTest, testing::ValuesIn(PlanCases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace dataservice::test
