// EXPLAIN of the engine's own statements, as /debug of the server shows it.
#include "postgres/explain.h"

#include "engine_fixture.h"
#include "postgres/conninfo.h"
#include "serve/sql/statement.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

class Explain : public EngineTest {
 protected:
  absl::StatusOr<std::string> PlanOf(const Shape& shape) {
    const Statement statement = BuildStatement(shape);
    return ExplainStatement(conninfo_, statement.text, statement.parameters.size());
  }

  const std::unique_ptr<Contract> contract_ =
      *Contract::BuildFromGeneratedPool("types/v1/types.proto");
  const std::string conninfo_ = *CompleteConnInfo(AppDatabase(), "integration");
};

TEST_F(Explain, OfEachKind) {
  for (const auto& resource : contract_->resources()) {
    const std::vector<int> columns = ClientColumns(*resource);
    const std::vector<Shape> shapes{GetShape{resource.get()}, CreateShape{resource.get(), columns},
                                    DeleteShape{resource.get()}, ExportShape{resource.get()}};
    for (const Shape& shape : shapes) {
      const auto plan = PlanOf(shape);
      ASSERT_TRUE(plan.ok()) << plan.status() << BuildStatement(shape).text;
      EXPECT_THAT(*plan, HasSubstr("cost="));
    }
  }
}

TEST_F(Explain, ExecutesNothing) {
  const auto plan = ExplainStatement(conninfo_, "INSERT INTO types.tally DEFAULT VALUES", 0);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0") << plan.status();
}

TEST_F(Explain, WhatHasNoPlanIsAnError) {
  const auto plan = ExplainStatement(conninfo_, "SELECT nothing", 0);
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("nothing"));
}

}  // namespace
}  // namespace dataservice::test
