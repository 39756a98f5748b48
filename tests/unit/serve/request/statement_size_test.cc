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
  // So many comparisons inside a message.
  Condition Comparisons(int comparisons) const {
    Condition one{.kind = Condition::Kind::kComparison};
    one.comparison = {.column = resource_.Find("part"),
                      .path = {{PathStep::Kind::kField, "share"}},
                      .leaf = LeafType::kFloat,
                      .zero = "0",
                      .op = Operator::kGreater};
    Condition all{.kind = Condition::Kind::kAnd};
    for (int i = 0; i < comparisons; ++i) all.operands.push_back(one);
    return all;
  }
  ListShape List(int comparisons) const {
    return {
        .resource = &resource_, .condition = Comparisons(comparisons), .order = {{resource_.key}}};
  }
  ExportShape Export(int comparisons) const {
    return {.resource = &resource_, .condition = Comparisons(comparisons)};
  }

  Violations Check(const auto& shape) {
    Violations violations;
    CheckPageStatement(shape, *executor_.StatementOf(shape), executor_, "filter", violations);
    return violations;
  }

  const Resource& resource_ = *TypesContract().resources()[1];
  Executor executor_{{.workers = 1}, [] { return std::make_unique<NoSink>(); }};
};

TEST_F(StatementSizeTest, APageThatIsTooLongIsRefused) {
  EXPECT_TRUE(Check(List(10)).empty());
  EXPECT_TRUE(Check(Export(10)).empty());
  for (const Violations& violations : {Check(List(100)), Check(Export(100))}) {
    ASSERT_THAT(violations.all(), SizeIs(1));
    EXPECT_EQ(violations.all()[0].field, "filter");
    EXPECT_THAT(violations.all()[0].description, HasSubstr(std::to_string(kMaxStatementText)));
  }
}

// What the first page may ask for, the next ones may, too.
TEST_F(StatementSizeTest, EveryPageOfAListIsAsGoodAsTheFirst) {
  int comparisons = 10;
  while (Check(List(comparisons)).empty()) ++comparisons;
  ListShape last = List(comparisons - 1);
  last.after = {true};
  EXPECT_LE(executor_.StatementOf(last)->text.size(), kMaxStatementText);
  EXPECT_TRUE(Check(last).empty());
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
  const ListShape list{.resource = &wide, .order = {{1}, {wide.key}}};
  const auto statement = executor_.StatementOf(list);
  EXPECT_GT(statement->text.size(), kMaxStatementText);
  EXPECT_TRUE(Check(list).empty());
}

}  // namespace
}  // namespace dataservice::test
