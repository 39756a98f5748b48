// Indexes that are made while others use the table.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema_fixture.h"

namespace dataservice::test {
namespace {

using namespace schema;

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class IndexTest : public SchemaChangeTest {
 protected:
  void SetUp() override {
    SchemaChangeTest::SetUp();
    ASSERT_TRUE(ApplySchema(before_).ok());
  }

  const InlineContract contract_{R"(message Thing {
    option (storage.v1.table) = {};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
    string name = 2;
  })"};
  const InlineContract indexed_{R"(message Thing {
    option (storage.v1.table) = {indexes: [{fields: ["name"]}]};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
    string name = 2;
  })"};
  const SchemaModel before_ = ModelOfContract(*contract_);
  const SchemaModel model_ = ModelOfContract(*indexed_);
};

TEST_F(IndexTest, DoesNotWaitForOldTransactionsWithoutEnd) {
  for (const char* use : {"SELECT 1", "INSERT INTO test.thing (id) VALUES (7)"}) {
    auto other = SchemaSession::Connect(OwnerDatabase());
    ASSERT_TRUE((*other)->Execute("BEGIN ISOLATION LEVEL REPEATABLE READ").ok());
    ASSERT_TRUE((*other)->Execute(use).ok());
    const auto pid = (*other)->Query("SELECT pg_backend_pid()");
    const std::string process = absl::StrCat("process ", (*pid)[0][0].c_str(), " of role ");
    ApplySettings settings;
    settings.progress = std::chrono::milliseconds(50);
    settings.steps.retry_for = std::chrono::milliseconds(300);
    std::vector<std::string> lines;
    const auto done = Apply(ToolDatabase(), model_, {}, settings,
                            [&](const std::string& line) { lines.push_back(line); });
    EXPECT_EQ(done.status().code(), absl::StatusCode::kAborted) << done.status();
    EXPECT_THAT(std::string(done.status().message()),
                AllOf(HasSubstr("create-index:thing.thing_name_id_idx: waited 300ms for "),
                      HasSubstr(process), HasSubstr("in a transaction for ")));
    EXPECT_THAT(lines, Contains(AllOf(HasSubstr("waits for "), HasSubstr(process))));
    ASSERT_TRUE((*other)->Execute("ROLLBACK").ok());
    ASSERT_TRUE(ApplySchema(model_).ok());
    EXPECT_THAT(Wrong(model_), IsEmpty());
    ASSERT_TRUE(ApplySchema(before_).ok());
  }
}

// A statement that waits, and then need not wait any more, is not cancelled.
TEST_F(IndexTest, GoesOnWhenTheOldTransactionEnds) {
  auto other = SchemaSession::Connect(OwnerDatabase());
  ASSERT_TRUE((*other)->Execute("BEGIN ISOLATION LEVEL REPEATABLE READ").ok());
  ASSERT_TRUE((*other)->Execute("SELECT 1").ok());
  ApplySettings settings;
  settings.progress = std::chrono::milliseconds(20);
  bool released = false;
  const auto done = Apply(ToolDatabase(), model_, {}, settings, [&](const std::string& line) {
    if (released || line.find("waits for ") == std::string::npos) return;
    released = (*other)->Execute("ROLLBACK").ok();
  });
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_TRUE(released);
  EXPECT_THAT(Wrong(model_), IsEmpty());
}

// An index of the name that REINDEX CONCURRENTLY gives, which a failed one leaves not valid: a
// CREATE of the same columns that fails is one.
TEST_F(IndexTest, DropsWhatReindexLeftOfItsOwn) {
  ASSERT_TRUE(ApplySchema(model_).ok());
  Sql("ALTER TABLE test.thing ADD other integer");
  Sql("CREATE INDEX by_hand ON test.thing (other)");
  const auto leave = [](const std::string& index, const std::string& of) {
    auto holder = SchemaSession::Connect(OwnerDatabase());
    ASSERT_TRUE((*holder)->Execute("BEGIN").ok());
    ASSERT_TRUE((*holder)->Execute("INSERT INTO test.thing (id) VALUES (8)").ok());
    auto session = SchemaSession::Connect(OwnerDatabase());
    ASSERT_TRUE((*session)->Execute("SET statement_timeout = 300").ok());
    EXPECT_FALSE((*session)->Execute("REINDEX INDEX CONCURRENTLY test." + of).ok());
    ASSERT_TRUE((*holder)->Execute("ROLLBACK").ok());
    EXPECT_EQ(
        Value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'test." + index + "'::regclass"),
        "f");
  };
  leave("thing_name_id_idx_ccnew", "thing_name_id_idx");
  leave("thing_pkey_ccnew", "thing_pkey");
  leave("by_hand_ccnew", "by_hand");
  const std::string wrong = absl::StrJoin(Wrong(model_), "\n");
  EXPECT_THAT(wrong, AllOf(HasSubstr("index thing_name_id_idx_ccnew is not valid: REINDEX "
                                     "CONCURRENTLY left it, and apply drops it"),
                           HasSubstr("index thing_pkey_ccnew is not valid")));
  const auto done = ApplySchema(model_);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(*done, HasSubstr("note: test.thing: index by_hand_ccnew is not valid: REINDEX "
                               "CONCURRENTLY left it, and DROP INDEX CONCURRENTLY takes it away"));
  EXPECT_THAT(Wrong(model_), IsEmpty());
  EXPECT_EQ(
      Value("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE "
            "relkind = 'i' AND relnamespace = 'test'::regnamespace AND relname ~ '^(thing|by)'"),
      "by_hand by_hand_ccnew thing_name_id_idx thing_pkey");
}

TEST_F(IndexTest, RowsThatDoNotFitAreNamed) {
  Sql("INSERT INTO test.thing (id, name) SELECT i, repeat('x', i) FROM generate_series(1, 20) AS "
      "i");
  Sql("UPDATE test.thing SET name = 'it''s' WHERE id IN (3, 5)");
  const InlineContract shorter(R"(message Thing {
    option (storage.v1.table) = {indexes: [{fields: ["name"] unique: true}]};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
    string name = 2 [(buf.validate.field).string.min_len = 2];
  })");
  const auto plan = PlanTo(ModelOfContract(*shorter));
  ASSERT_TRUE(plan.ok()) << plan.status();
  ASSERT_EQ(plan->violations.size(), 2U);
  std::map<std::string, RowViolation> violations;
  for (const RowViolation& violation : plan->violations) {
    violations[violation.step] = violation;
    // The query that is printed finds them.
    const auto rows = SchemaSession::Connect(OwnerDatabase()).value()->Query(violation.query);
    ASSERT_TRUE(rows.ok()) << rows.status();
    EXPECT_EQ(static_cast<long long>(rows->size()), violation.rows);
  }
  EXPECT_THAT(violations["add-constraint:thing.thing_name_min_len"].keys,
              testing::ElementsAre("'1'"));
  EXPECT_THAT(violations["create-index:thing.thing_name_key"].keys,
              testing::ElementsAre("'3'", "'5'"));
  EXPECT_THAT(RowViolationText(violations["add-constraint:thing.thing_name_min_len"]),
              AllOf(HasSubstr("1 row of test.thing that break "),
                    HasSubstr("; their keys: '1'; to find them: SELECT ")));

  const InlineContract longer(R"(message Thing {
    option (storage.v1.table) = {};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
    string name = 2 [(buf.validate.field).string.max_len = 8];
  })");
  const auto many = PlanTo(ModelOfContract(*longer));
  ASSERT_EQ(many->violations.size(), 1U);
  EXPECT_EQ(many->violations[0].rows, 12);
  EXPECT_EQ(many->violations[0].keys.size(), 10U);
  EXPECT_THAT(RowViolationText(many->violations[0]), HasSubstr("; the first: '9', '10', "));
}

}  // namespace
}  // namespace dataservice::test
