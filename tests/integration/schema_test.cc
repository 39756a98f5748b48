// The schema tool on a real database.
#include <gmock/gmock.h>

#include "engine_fixture.h"
#include "schema/apply.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

class SchemaTest : public EngineTest {
 protected:
  absl::StatusOr<std::string> ApplyAgain() {
    const auto session = SchemaSession::Connect(OwnerDatabase());
    const auto contract = Contract::BuildFromGeneratedPool("types/v1/types.proto");
    return Apply(**session, ModelOfContract(**contract), {});
  }
};

TEST_F(SchemaTest, AgreesWithWhatItMade) {
  const auto done = ApplyAgain();
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(*done, "the database agrees with the contract: nothing to do\n");
}

TEST_F(SchemaTest, NamesWhatWasChangedByHand) {
  const struct {
    const char* change;
    const char* back;
    const char* difference;
  } cases[] = {
      {"ALTER TABLE types.tally ALTER colour DROP NOT NULL",
       "ALTER TABLE types.tally ALTER colour SET NOT NULL", "colour may be NULL"},
      {"ALTER TABLE types.tally ALTER colour SET DEFAULT 'red'",
       "ALTER TABLE types.tally ALTER colour SET DEFAULT ''", "colour has the default 'red'"},
      {"ALTER TABLE types.tally RENAME CONSTRAINT tally_colour_in TO x",
       "ALTER TABLE types.tally RENAME CONSTRAINT x TO tally_colour_in",
       "constraint tally_colour_in is missing"},
      {"ALTER INDEX types.order_user_key RENAME TO x",
       "ALTER INDEX types.x RENAME TO order_user_key", "index order_user_key is missing"},
      {"ALTER TABLE types.tally RENAME colour TO color",
       "ALTER TABLE types.tally RENAME color TO colour", "colour is missing"},
  };
  for (const auto& c : cases) {
    ASSERT_EQ(Sql(c.change), "") << c.change;
    const auto done = ApplyAgain();
    EXPECT_EQ(done.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(done.status().message()), HasSubstr(c.difference));
    ASSERT_EQ(Sql(c.back), "") << c.back;
  }
  EXPECT_TRUE(ApplyAgain().ok());
}

TEST_F(SchemaTest, ExtrasAreNoted) {
  ASSERT_EQ(Sql("CREATE INDEX by_hand ON types.tally (value)"), "");
  EXPECT_THAT(*ApplyAgain(), HasSubstr("index by_hand is not the contract's"));
  Sql("DROP INDEX types.by_hand");
}

TEST_F(SchemaTest, TheAppRoleChangesNoObject) {
  const auto session = SchemaSession::Connect(AppDatabase());
  ASSERT_TRUE(session.ok()) << session.status();
  for (const char* statement :
       {"CREATE TABLE types.x (a int)", "CREATE TABLE public.x (a int)", "CREATE SCHEMA x",
        "CREATE TEMPORARY TABLE x (a int)", "ALTER TABLE types.tally ADD a int",
        "DROP TABLE types.tally", "TRUNCATE types.tally"}) {
    EXPECT_FALSE((*session)->Execute(statement).ok()) << statement;
  }
  EXPECT_TRUE((*session)->Execute("SELECT 1").ok());
}

TEST_F(SchemaTest, OneApplierAtATime) {
  const auto other = SchemaSession::Connect(OwnerDatabase());
  ASSERT_TRUE((*other)->Execute("BEGIN").ok());
  ASSERT_TRUE((*other)->Query("SELECT pg_catalog.pg_advisory_xact_lock(7904109571027969283)").ok());
  EXPECT_EQ(ApplyAgain().status().code(), absl::StatusCode::kAborted);
  ASSERT_TRUE((*other)->Execute("ROLLBACK").ok());
  EXPECT_TRUE(ApplyAgain().ok());
}

}  // namespace
}  // namespace dataservice::test
