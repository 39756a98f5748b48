#include "serve/request/statement_size.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "contract/fixture.h"
#include "engine_limits.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

struct NoSink : Sink {
  void Execute(Batch) override {}
};

class StatementSizeTest : public testing::Test {
 protected:
  // A comparison inside a message as often, in the order of the key.
  Shape Page(int comparisons, ShapeKind kind = ShapeKind::kList) const {
    Shape shape{.kind = kind, .resource = &resource_, .order = {{resource_.key}}};
    Condition one{.kind = Condition::Kind::kComparison};
    one.comparison = {.column = resource_.Find("part"),
                      .path = {{PathStep::Kind::kField, "share"}},
                      .leaf = LeafType::kFloat,
                      .zero = "0",
                      .op = Operator::kGreater};
    shape.condition = {.kind = Condition::Kind::kAnd};
    for (int i = 0; i < comparisons; ++i) shape.condition.operands.push_back(one);
    return shape;
  }

  const Resource& resource_ = *TypesContract().resources()[1];
  Executor executor_{{.workers = 1}, [] { return std::make_unique<NoSink>(); }};
  Violations violations_;
};

TEST_F(StatementSizeTest, APageThatIsTooLongIsRefused) {
  for (const ShapeKind kind : {ShapeKind::kList, ShapeKind::kExport}) {
    Violations violations;
    CheckPageStatement(*executor_.StatementOf(Page(10, kind)), executor_, "filter", violations);
    EXPECT_TRUE(violations.empty());
    CheckPageStatement(*executor_.StatementOf(Page(100, kind)), executor_, "filter", violations);
    ASSERT_THAT(violations.all(), SizeIs(1));
    EXPECT_EQ(violations.all()[0].field, "filter");
    EXPECT_THAT(violations.all()[0].description, HasSubstr(std::to_string(kMaxStatementText)));
  }
}

// What the first page may ask for, the next ones may, too.
TEST_F(StatementSizeTest, EveryPageOfAListIsAsGoodAsTheFirst) {
  int comparisons = 10;
  while (true) {
    Violations violations;
    CheckPageStatement(*executor_.StatementOf(Page(comparisons)), executor_, "", violations);
    if (!violations.empty()) break;
    ++comparisons;
  }
  Shape last = Page(comparisons - 1);
  last.after = {true};
  EXPECT_LE(executor_.StatementOf(last)->text.size(), kMaxStatementText);
  CheckPageStatement(*executor_.StatementOf(last), executor_, "", violations_);
  EXPECT_TRUE(violations_.empty());
}

// It would be as long in the order of the key.
TEST_F(StatementSizeTest, AResourceOfLongStatementsIsServed) {
  std::string fields;
  for (int i = 2; i < 500; ++i) {
    absl::StrAppend(&fields, "optional string a_column_with_a_rather_long_name_", i, " = ", i,
                    ";\n");
  }
  const InlineContract contract(absl::StrCat(R"(
message Wide {
  option (storage.v1.table) = {};
  int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];
)",
                                             fields, "}"));
  ASSERT_EQ(contract.Refusal(), "");
  const Resource& wide = contract.resource();
  const Shape list{.kind = ShapeKind::kList, .resource = &wide, .order = {{1}, {wide.key}}};
  const auto statement = executor_.StatementOf(list);
  EXPECT_GT(statement->text.size(), kMaxStatementText);
  CheckPageStatement(*statement, executor_, "order_by", violations_);
  EXPECT_TRUE(violations_.empty());
}

}  // namespace
}  // namespace dataservice::test
