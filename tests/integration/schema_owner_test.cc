// Resources that have rows get an owner, or lose it: the statements that the refusal prints do it.
#include <gmock/gmock.h>

#include "absl/strings/str_replace.h"
#include "schema_fixture.h"

namespace dataservice::test {
namespace {

using namespace schema;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// A thing, and a part that refers to it.
SchemaModel Contract(const std::string& owner) {
  return ModelOfContract(*InlineContract(
      "message Thing { option (storage.v1.table) = {indexes: [{fields: ['name'] unique: true}]};"
      "  int64 id = 1 [(google.api.field_behavior) = IDENTIFIER]; string name = 2;" +
      owner +
      "}"
      "message Part { option (storage.v1.table) = {};"
      "  int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];"
      "  int64 thing_id = 2 [(google.api.field_behavior) = REQUIRED,"
      "    (storage.v1.column).references = {resource: 'Thing'}];" +
      owner + "}"));
}

constexpr char kPrivate[] =
    "string owner = 3 [(google.api.field_behavior) = OUTPUT_ONLY, "
    "(storage.v1.column).owner = {claim: 'sub'}];";

class SchemaOwnerTest : public SchemaChangeTest {
 protected:
  // Runs what each refusal of the plan prints, for rows of `owner`.
  static void RunPrinted(const SchemaModel& model, const std::string& owner) {
    const auto plan = PlanTo(model);
    ASSERT_TRUE(plan.ok()) << plan.status();
    ASSERT_THAT(plan->plan.refusals, SizeIs(2));
    for (const std::string& refusal : plan->plan.refusals) {
      const std::string before = "plan again: ";
      const size_t begin = refusal.find(before);
      ASSERT_NE(begin, std::string::npos) << refusal;
      Sql(absl::StrReplaceAll(refusal.substr(begin + before.size()),
                              {{"= OWNER;", "= '" + owner + "';"}}));
    }
  }
  static void ExpectApplied(const SchemaModel& model) {
    const auto done = ApplyAll(model);
    ASSERT_TRUE(done.ok()) << done.status();
    EXPECT_THAT(Wrong(model), IsEmpty());
    EXPECT_THAT(PlanTo(model)->plan.steps, IsEmpty());
  }
};

TEST_F(SchemaOwnerTest, RowsGetAnOwnerAndLoseIt) {
  const SchemaModel without = Contract("");
  const SchemaModel with = Contract(kPrivate);
  ASSERT_TRUE(ApplySchema(without).ok());
  Sql("INSERT INTO test.thing (id, name) VALUES (1, 'a')");
  Sql("INSERT INTO test.part (id, thing_id) VALUES (2, 1)");
  EXPECT_FALSE(ApplyAll(with).ok());
  RunPrinted(with, "alice");
  ExpectApplied(with);
  EXPECT_EQ(Value("SELECT owner || id || name FROM test.thing"), "alice1a");
  EXPECT_EQ(Value("SELECT owner || thing_id FROM test.part"), "alice1");
  // The constraints are those of each owner.
  Sql("INSERT INTO test.thing (id, name, owner) VALUES (1, 'a', 'bob')");
  Sql("DELETE FROM test.thing WHERE owner = 'bob'");
  RunPrinted(without, "");
  ExpectApplied(without);
  EXPECT_EQ(Value("SELECT id || name FROM test.thing"), "1a");
}

// The key stays as it is, so that only the column needs values.
TEST_F(SchemaOwnerTest, PublicRowsGetAnOwnerAfterTheyAreFilled) {
  const SchemaModel without = Contract("");
  const SchemaModel with = Contract(
      "string owner = 3 [(google.api.field_behavior) = OUTPUT_ONLY, "
      "(storage.v1.column).owner = {claim: 'sub' public_read: true}];");
  ASSERT_TRUE(ApplySchema(without).ok());
  Sql("INSERT INTO test.thing (id, name) VALUES (1, 'a')");
  EXPECT_THAT(std::string(ApplyAll(with).status().message()),
              HasSubstr("1 row of test.thing without owner"));
  Sql("ALTER TABLE test.thing ADD COLUMN owner text COLLATE \"C\"");
  Sql("UPDATE test.thing SET owner = 'alice'");
  ExpectApplied(with);
}

}  // namespace
}  // namespace dataservice::test
