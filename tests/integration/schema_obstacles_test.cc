// What would stop an apply half-way is found before anything is done.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "schema_fixture.h"

namespace dataservice::test {
namespace {

using namespace schema;

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kThing[] = R"(message Thing {
  option (storage.v1.table) = {};
  int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
  string name = 2 [(buf.validate.field).string.max_len = 100];
  int32 rate = 3;
})";

class ObstaclesTest : public SchemaChangeTest {
 protected:
  void SetUp() override {
    SchemaChangeTest::SetUp();
    const auto done = ApplySchema(thing_);
    ASSERT_TRUE(done.ok()) << done.status();
  }

  static int Version() { return std::stoi(Value("SHOW server_version_num")); }

  // Nothing is done, and why. `allowed`: more than what the plan asks for.
  static std::string Refusal(const SchemaModel& model) {
    const std::string before = Dump(model);
    const auto plan = PlanTo(model);
    EXPECT_TRUE(plan.ok()) << plan.status();
    if (!plan.ok()) return "";
    // What `plan` says by its exit code, apply does.
    EXPECT_THAT(Objections(*plan, Permissions(*plan)), testing::Not(IsEmpty()));
    const auto done = ApplyAll(model);
    EXPECT_EQ(done.status().code(), absl::StatusCode::kFailedPrecondition) << done.status();
    EXPECT_EQ(Dump(model), before);
    return std::string(done.status().message());
  }

  const InlineContract contract_{kThing};
  const SchemaModel thing_ = ModelOfContract(*contract_);
  const InlineContract longer_{R"(message Thing {
    option (storage.v1.table) = {};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
    string name = 2 [(buf.validate.field).string.max_len = 200];
    int32 rate = 3;
  })"};
  const InlineContract without_{R"(message Thing {
    option (storage.v1.table) = {};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
    int32 rate = 3;
  })"};
};

TEST_F(ObstaclesTest, WhatDependsOnAColumnIsNamed) {
  const struct {
    const char* make;
    const char* drop;
    const char* named;
    int since = 130000;
    bool drops_too = true;
  } cases[] = {
      {"CREATE VIEW test.v AS SELECT name FROM test.thing", "DROP VIEW test.v", "view test.v: "},
      {"CREATE VIEW test.\"V 1\" AS SELECT id FROM test.thing WHERE name > 'a'",
       "DROP VIEW test.\"V 1\"", "view test.\"V 1\": "},
      {"CREATE MATERIALIZED VIEW test.m AS SELECT name FROM test.thing",
       "DROP MATERIALIZED VIEW test.m", "materialized view test.m: "},
      {"CREATE FUNCTION test.f(a int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(name) "
       "FROM test.thing; END",
       "DROP FUNCTION test.f", "function test.f(a integer): ", 140000},
      {"CREATE FUNCTION test.g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
       "CREATE TRIGGER t BEFORE UPDATE OF name ON test.thing FOR EACH ROW EXECUTE FUNCTION "
       "test.g()",
       "DROP TRIGGER t ON test.thing", "trigger t on test.thing: "},
      {"CREATE TRIGGER w BEFORE UPDATE ON test.thing FOR EACH ROW WHEN (NEW.name = 'a') EXECUTE "
       "FUNCTION test.g()",
       "DROP TRIGGER w ON test.thing", "trigger w on test.thing: "},
      {"CREATE POLICY p ON test.thing USING (name = 'a')", "DROP POLICY p ON test.thing",
       "policy p on test.thing: "},
      {"ALTER TABLE test.thing ADD up text GENERATED ALWAYS AS (upper(name)) STORED",
       "ALTER TABLE test.thing DROP up", "generated column test.thing.up: "},
      {"CREATE RULE r AS ON UPDATE TO test.thing WHERE OLD.name = 'a' DO INSTEAD NOTHING",
       "DROP RULE r ON test.thing", "rule r on test.thing: "},
      {"CREATE TABLE test.rows (t test.thing)", "DROP TABLE test.rows",
       "column of the table's row type, test.rows.t: ", 130000, false},
  };
  const SchemaModel longer = ModelOfContract(*longer_);
  const SchemaModel without = ModelOfContract(*without_);
  for (const auto& c : cases) {
    if (Version() < c.since) continue;
    Sql(c.make);
    EXPECT_THAT(Refusal(longer),
                AllOf(HasSubstr("change-type:thing.name: in the way is "), HasSubstr(c.named)));
    if (c.drops_too) {
      EXPECT_THAT(Refusal(without),
                  AllOf(HasSubstr("drop-column:thing.name: in the way is "), HasSubstr(c.named)));
      // Left out, it is in nobody's way.
      EXPECT_THAT(Objections(*PlanTo(without), {}), IsEmpty());
    }
    Sql(c.drop);
  }
  ASSERT_TRUE(ApplySchema(longer).ok());
  EXPECT_THAT(Wrong(longer), IsEmpty());
}

// What PostgreSQL changes with the column by itself.
TEST_F(ObstaclesTest, WhatFollowsIsInNobodysWay) {
  Sql("CREATE VIEW test.v AS SELECT rate FROM test.thing");
  Sql("CREATE INDEX by_hand ON test.thing (lower(name)) WHERE name > 'a'");
  Sql("CREATE STATISTICS test.s ON name, rate FROM test.thing");
  Sql("ALTER TABLE test.thing ADD CONSTRAINT by_hand CHECK (name <> 'b')");
  const SchemaModel longer = ModelOfContract(*longer_);
  const auto done = ApplySchema(longer);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(Wrong(longer), IsEmpty());
}

TEST_F(ObstaclesTest, WhatDependsOnATableIsNamed) {
  const InlineContract other(R"(message Other {
    option (storage.v1.table) = {};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
  })");
  const SchemaModel model = ModelOfContract(*other);
  Sql("CREATE SCHEMA other");
  Sql("CREATE VIEW other.v AS SELECT count(*) FROM test.thing");
  EXPECT_THAT(Refusal(model), HasSubstr("drop-table:thing: in the way is view other.v: "));
  Sql("DROP VIEW other.v");
  Sql("CREATE TABLE other.stranger (thing_id bigint REFERENCES test.thing)");
  EXPECT_THAT(Refusal(model),
              HasSubstr("drop-table:thing: in the way is foreign key stranger_thing_id_fkey on "
                        "other.stranger: "));
  Sql("DROP TABLE other.stranger");
  const auto done = ApplyAll(model);
  EXPECT_TRUE(done.ok()) << done.status();
}

TEST_F(ObstaclesTest, ANameThatIsTakenIsNamed) {
  const InlineContract more(absl::StrCat(kThing, R"(
    message Other {
      option (storage.v1.table) = {indexes: [{fields: ["name"]}]};
      string id = 1 [(google.api.field_behavior) = IDENTIFIER];
      string name = 2;
    })"));
  const SchemaModel model = ModelOfContract(*more);
  const struct {
    const char* make;
    const char* drop;
    const char* named;
  } cases[] = {
      {"CREATE VIEW test.other AS SELECT 1 AS id", "DROP VIEW test.other",
       "test.other is a view: it already has a name"},
      {"CREATE MATERIALIZED VIEW test.other AS SELECT 1 AS id", "DROP MATERIALIZED VIEW test.other",
       "test.other is a view: "},
      {"CREATE SEQUENCE test.other", "DROP SEQUENCE test.other", "test.other is a sequence: "},
      {"CREATE TYPE test.other AS ENUM ('a')", "DROP TYPE test.other", "test.other is a type: "},
      {"CREATE DOMAIN test.other AS integer", "DROP DOMAIN test.other", "test.other is a type: "},
      {"CREATE TYPE test.other AS (a integer)", "DROP TYPE test.other",
       "test.other is something else: "},
      {"CREATE TABLE test.x (name text CONSTRAINT other_name_id_idx UNIQUE)", "DROP TABLE test.x",
       "test.other_name_id_idx is the index of a constraint of test.x: "},
      {"CREATE TABLE test.other_pkey (id integer)", "DROP TABLE test.other_pkey",
       "test.other_pkey is a table: "},
  };
  for (const auto& c : cases) {
    Sql(c.make);
    EXPECT_THAT(Refusal(model), HasSubstr(c.named)) << c.make;
    Sql(c.drop);
  }
  EXPECT_TRUE(ApplySchema(model).ok());
}

// PostgreSQL gives the index of UNIQUE (name) the name of the contract's index.
TEST_F(ObstaclesTest, AUniqueConstraintIsTheIndexThatIsAskedFor) {
  const InlineContract unique(R"(message Thing {
    option (storage.v1.table) = {indexes: [{fields: ["name"] unique: true}]};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
    string name = 2 [(buf.validate.field).string.max_len = 100];
    int32 rate = 3;
  })");
  const SchemaModel model = ModelOfContract(*unique);
  Sql("ALTER TABLE test.thing ADD UNIQUE (name)");
  EXPECT_THAT(Wrong(model), IsEmpty());
  EXPECT_THAT(PlanTo(model)->plan.steps, IsEmpty());
  // It is not the tool's, so that it stays.
  EXPECT_TRUE(ApplyAll(thing_).ok());
  EXPECT_EQ(Value("SELECT count(*) FROM pg_constraint WHERE conname = 'thing_name_key'"), "1");

  for (const char* other : {"UNIQUE (name, rate)", "UNIQUE (name) DEFERRABLE",
                            "UNIQUE (name) INCLUDE (rate)", "CHECK (name > '')"}) {
    Sql("ALTER TABLE test.thing DROP CONSTRAINT thing_name_key");
    Sql(absl::StrCat("ALTER TABLE test.thing ADD CONSTRAINT thing_name_key ", other));
    if (std::string(other).starts_with("CHECK")) {
      EXPECT_TRUE(ApplyAll(model).ok());
      continue;
    }
    EXPECT_THAT(Refusal(model), HasSubstr("its constraint thing_name_key is not the contract's"));
  }
}

TEST_F(ObstaclesTest, APartitionedTable) {
  Sql("DROP TABLE test.thing");
  Sql("CREATE TABLE test.thing (id bigint NOT NULL, name varchar(100) COLLATE \"C\" NOT NULL "
      "DEFAULT '', rate integer NOT NULL DEFAULT 0, PRIMARY KEY (id)) PARTITION BY RANGE (id)");
  Sql("CREATE TABLE test.thing_1 PARTITION OF test.thing FOR VALUES FROM (0) TO (100)");
  const auto done = ApplySchema(thing_, {}, {.allowed = {"take-over:thing"}});
  ASSERT_TRUE(done.ok()) << done.status();
  const InlineContract indexed(R"(message Thing {
    option (storage.v1.table) = {indexes: [{fields: ["name"]}]};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
    string name = 2 [(buf.validate.field).string.max_len = 100];
    int32 rate = 3;
  })");
  const SchemaModel model = ModelOfContract(*indexed);
  EXPECT_THAT(Refusal(model), HasSubstr("create-index:thing.thing_name_id_idx: in the way is "
                                        "test.thing is partitioned"));
  Sql("CREATE INDEX thing_name_id_idx ON test.thing (name, id)");
  Sql("COMMENT ON INDEX test.thing_name_id_idx IS 'dataservice: INDEX (name, id)'");
  EXPECT_TRUE(ApplySchema(model).ok());
  EXPECT_THAT(Wrong(model), IsEmpty());
}

TEST_F(ObstaclesTest, AGeneratedColumn) {
  Sql("ALTER TABLE test.thing DROP rate, ADD rate integer NOT NULL GENERATED ALWAYS AS (id) "
      "STORED");
  EXPECT_THAT(Refusal(thing_), HasSubstr("set-default:thing.rate: in the way is test.thing.rate is "
                                         "a generated or identity column"));
  Sql("ALTER TABLE test.thing ALTER rate DROP EXPRESSION");
  EXPECT_TRUE(ApplySchema(thing_).ok());
  // A column of somebody else that has its own values is in nobody's way.
  Sql("ALTER TABLE test.thing ADD no integer GENERATED ALWAYS AS IDENTITY");
  EXPECT_THAT(Wrong(thing_), IsEmpty());
}

TEST_F(ObstaclesTest, ATableOfAnotherOwner) {
  const InlineContract wider(R"(message Thing {
    option (storage.v1.table) = {};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
    string name = 2 [(buf.validate.field).string.max_len = 100];
    int32 rate = 3;
    int32 size = 4;
  })");
  const SchemaModel model = ModelOfContract(*wider);
  const auto session = SchemaSession::Connect(AppDatabase());
  ASSERT_TRUE(session.ok()) << session.status();
  const auto plan = PlanForDatabase(**session, model, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(Objections(*plan, {}),
              testing::Contains(HasSubstr("add-column:thing.size: in the way is test.thing belongs "
                                          "to role ")));
  const InlineContract another(R"(message Another {
    option (storage.v1.table) = {};
    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
  })");
  const auto made = PlanForDatabase(**session, ModelOfContract(*another), {});
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_THAT(Objections(*made, {}),
              testing::Contains(HasSubstr("may not make anything in schema test: GRANT CREATE ON "
                                          "SCHEMA test TO ")));
}

}  // namespace
}  // namespace dataservice::test
