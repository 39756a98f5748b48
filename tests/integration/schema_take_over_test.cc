// Tables that another program made and uses.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema/apply/startup_check.h"
#include "schema_fixture.h"

namespace dataservice::test {
namespace {

using namespace schema;

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class TakeOverTest : public SchemaChangeTest {
 protected:
  void SetUp() override {
    SchemaChangeTest::SetUp();
    Sql(R"(CREATE SCHEMA test;
      CREATE TABLE test.parent (id integer PRIMARY KEY);
      CREATE TABLE test.thing (
        id serial CONSTRAINT thing_key PRIMARY KEY,
        name varchar(255) NOT NULL,
        size smallint NOT NULL,
        parent_id integer NOT NULL REFERENCES test.parent ON UPDATE CASCADE,
        note text DEFAULT 'x',
        code text CONSTRAINT thing_code_key UNIQUE);
      COMMENT ON TABLE test.thing IS 'ours';
      GRANT SELECT ON test.thing TO PUBLIC;
      INSERT INTO test.parent VALUES (1);
      INSERT INTO test.thing (name, size, parent_id) VALUES ('a', 1, 1))");
  }

  // What of the tables may not change.
  static std::string State() {
    return Value(R"(SELECT string_agg(line, E'\n') FROM (
      SELECT concat_ws(' ', attrelid::regclass, attname, format_type(atttypid, atttypmod),
        attcollation::regcollation, attnotnull, pg_get_expr(adbin, adrelid),
        col_description(attrelid, attnum)) AS line
      FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE attrelid IN ('test.thing'::regclass, 'test.parent'::regclass) AND attnum > 0
      UNION ALL SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE conrelid IN ('test.thing'::regclass, 'test.parent'::regclass)
      UNION ALL SELECT concat_ws(' ', oid::regclass, relacl, obj_description(oid, 'pg_class'),
        relfilenode) FROM pg_class
      WHERE relnamespace = 'test'::regnamespace AND relkind IN ('r', 'i', 'S')
      ORDER BY line) AS lines)");
  }

  const InlineContract contract_{R"(
    message Parent {
      option (storage.v1.table) = {};
      int32 id = 1 [(google.api.field_behavior) = IDENTIFIER];
    }
    message Thing {
      option (storage.v1.table) = {indexes: [{fields: ["code"] unique: true}]};
      int32 id = 1 [(google.api.field_behavior) = IDENTIFIER];
      string name = 2;
      int32 size = 3;
      int32 parent_id = 4 [(google.api.field_behavior) = REQUIRED,
        (storage.v1.column).references = {resource: "Parent" on_delete: ON_DELETE_CASCADE}];
      string note = 5;
      optional string code = 6;
    })"};
  const SchemaModel model_ = ModelOfContract(*contract_);
};

TEST_F(TakeOverTest, IsRefusedAndNothingIsTouched) {
  const std::string before = State();
  const SchemaRoles roles{.app = AppRole(), .reader = ""};
  const auto done = ApplySchema(model_, roles);
  ASSERT_EQ(done.status().code(), absl::StatusCode::kFailedPrecondition) << done.status();
  EXPECT_THAT(
      std::string(done.status().message()),
      AllOf(HasSubstr("take-over:thing breaks what uses the table: test.thing has no "
                      "comments of this tool"),
            HasSubstr("id has the default nextval('test.thing_id_seq'::regclass), not none"),
            HasSubstr("name is varchar(255), not text"), HasSubstr("size is smallint, not integer"),
            HasSubstr("ON UPDATE CASCADE"), HasSubstr("--allow take-over:thing"),
            HasSubstr("--allow take-over:parent")));
  EXPECT_EQ(State(), before);
  // One of two is not enough.
  EXPECT_FALSE(ApplySchema(model_, roles, {.allowed = {"take-over:thing"}}).ok());
  EXPECT_EQ(State(), before);
  EXPECT_EQ(Value("SELECT to_regclass('test.schema_history') IS NULL"), "t");
}

TEST_F(TakeOverTest, IsDoneWhenAllowed) {
  const auto done = ApplySchema(model_, {}, {.allowed = {"take-over:thing", "take-over:parent"}});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(Wrong(model_), IsEmpty());
  EXPECT_THAT(PlanTo(model_)->plan.steps, IsEmpty());
  EXPECT_EQ(Value("SELECT name FROM test.thing"), "a");
  // The constraint has the index that the contract asks for.
  EXPECT_EQ(Value("SELECT contype FROM pg_constraint WHERE conname = 'thing_code_key'"), "u");
}

// The first step makes the tables ours; the rest of the work keeps its permission.
TEST_F(TakeOverTest, GoesOnAfterAnyInterruption) {
  ApplySettings settings{.allowed = {"take-over:thing", "take-over:parent"}};
  for (size_t deaths = 1; deaths < 30; ++deaths) {
    size_t steps = 0;
    settings.before_step = [&](const Step&) {
      return steps++ < 1 ? absl::OkStatus() : absl::CancelledError("died");
    };
    const auto done = ApplySchema(model_, {}, settings);
    if (done.ok()) break;
    ASSERT_EQ(done.status().code(), absl::StatusCode::kCancelled) << done.status();
  }
  EXPECT_THAT(Wrong(model_), IsEmpty());
}

TEST_F(TakeOverTest, CheckSaysSoAndTheServerServesItAsItIs) {
  EXPECT_THAT(Wrong(model_), Contains(HasSubstr("test.thing has no comments of the schema tool")));
  EXPECT_THAT(Wrong(model_), testing::Not(Contains(HasSubstr("comment that identifies"))));
  const std::string before = State();
  EXPECT_EQ(CheckAtStart(*contract_, OwnerDatabase(), SchemaCheck::kRefuse), absl::OkStatus());
  EXPECT_EQ(State(), before);
}

TEST_F(TakeOverTest, TheServerRefusesWhatItCannotRead) {
  const struct {
    const char* change;
    const char* difference;
  } cases[] = {
      {"ALTER TABLE test.thing ALTER size TYPE text", "size is text, not integer"},
      {"ALTER TABLE test.thing DROP note", "note is missing"},
      {"ALTER TABLE test.thing DROP CONSTRAINT thing_key", "thing_pkey is missing"},
  };
  for (const auto& c : cases) {
    DropAll();
    SetUp();
    Sql(c.change);
    const absl::Status served = CheckAtStart(*contract_, OwnerDatabase(), SchemaCheck::kRefuse);
    EXPECT_EQ(served.code(), absl::StatusCode::kFailedPrecondition) << c.change;
    EXPECT_THAT(std::string(served.message()), HasSubstr(c.difference));
  }
}

}  // namespace
}  // namespace dataservice::test
