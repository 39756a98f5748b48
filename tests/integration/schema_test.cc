// The schema tool on a real database.
#include <gmock/gmock.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema/apply/rights.h"
#include "schema/apply/schema_lock.h"
#include "schema/apply/startup_check.h"
#include "schema_fixture.h"

namespace dataservice::test {
namespace {

using namespace schema;

using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kThing[] = R"(message Thing {
  option (storage.v1.table) = {indexes: [{fields: ["name"]}]};
  int64 id = 1 [(google.api.field_behavior) = IDENTIFIER];
  string name = 2 [(buf.validate.field).string.max_len = 100];
  int32 rate = 3 [(buf.validate.field).int32 = {gte: 0 lte: 10}];
  optional string note = 4;
})";

// Of kThing: `what` instead of `instead_of`.
std::string Thing(const std::string& instead_of, const std::string& what) {
  std::string text = kThing;
  text.replace(text.find(instead_of), instead_of.size(), what);
  return text;
}

class SchemaTest : public SchemaChangeTest {
 protected:
  void SetUp() override {
    SchemaChangeTest::SetUp();
    const auto done = ApplySchema(thing_);
    ASSERT_TRUE(done.ok()) << done.status();
  }

  const InlineContract contract_{kThing};
  const SchemaModel thing_ = ModelOfContract(*contract_);
};

TEST_F(SchemaTest, AgreesWithWhatItMade) {
  EXPECT_THAT(Wrong(thing_), IsEmpty());
  EXPECT_EQ(*ApplySchema(thing_), "the database agrees with the contract: nothing to do\n");
}

TEST_F(SchemaTest, NamesAndMendsWhatWasChangedByHand) {
  const struct {
    const char* change;
    const char* difference;
    bool harmful;
  } cases[] = {
      {"ALTER TABLE test.thing ALTER name DROP NOT NULL", "name may be NULL", false},
      {"ALTER TABLE test.thing ALTER note SET NOT NULL", "note may not be NULL", true},
      {"ALTER TABLE test.thing ALTER name SET DEFAULT 'x'", "name has the default 'x'", false},
      {"ALTER TABLE test.thing ALTER name DROP DEFAULT", "name has no default, not ''", true},
      {"ALTER TABLE test.thing DROP CONSTRAINT thing_rate_range",
       "constraint thing_rate_range is missing", false},
      {"ALTER TABLE test.thing DROP CONSTRAINT thing_rate_range, "
       "ADD CONSTRAINT thing_rate_range CHECK (rate >= 0)",
       "constraint thing_rate_range is CHECK ((rate >= 0)), not CHECK (rate >= 0 AND", false},
      {"ALTER TABLE test.thing RENAME CONSTRAINT thing_rate_range TO x",
       "constraint thing_rate_range is missing", false},
      {"DROP INDEX test.thing_name_id_idx", "index thing_name_id_idx is missing", false},
      {"ALTER INDEX test.thing_name_id_idx RENAME TO x", "index thing_name_id_idx is missing",
       false},
      {"DROP INDEX test.thing_name_id_idx; "
       "CREATE INDEX thing_name_id_idx ON test.thing (name, id) WHERE rate > 1",
       "index thing_name_id_idx is CREATE INDEX thing_name_id_idx", false},
      {"ALTER TABLE test.thing DROP CONSTRAINT thing_pkey", "constraint thing_pkey is missing",
       true},
      {"ALTER TABLE test.thing RENAME name TO title", "name is called title", true},
      {"ALTER TABLE test.thing RENAME TO item", "test.thing is called test.item", true},
      {"ALTER TABLE test.thing ALTER name TYPE text COLLATE \"C\"",
       "name is text, not varchar(100)", false},
      {"ALTER TABLE test.thing DROP CONSTRAINT thing_rate_range, ALTER rate TYPE text",
       "rate is text, not integer", true},
      {"CREATE COLLATION test.swedish (provider = icu, locale = 'sv'); "
       "ALTER TABLE test.thing ALTER name TYPE varchar(100) COLLATE test.swedish",
       "name has not the collation C", true},
      {"COMMENT ON COLUMN test.thing.name IS NULL", "name has not the comment", false},
      {"COMMENT ON TABLE test.thing IS NULL", "has not the comment", false},
      {"COMMENT ON INDEX test.thing_name_id_idx IS NULL", "thing_name_id_idx has not the comment",
       false},
      {"ALTER TABLE test.thing ADD size integer NOT NULL",
       "size is not the contract's, may not be NULL and has no default", true},
      {"DROP TABLE test.thing", "test.thing is missing", true},
      {"DROP TABLE test.schema_history", "test.schema_history is missing", false},
  };
  for (const auto& c : cases) {
    const std::string statement = c.change;
    Sql(statement);
    const std::vector<std::string> wrong = Wrong(thing_);
    EXPECT_THAT(absl::StrJoin(wrong, "\n"), HasSubstr(c.difference)) << statement;
    const absl::Status served = CheckAtStart(*contract_, AppDatabase(), SchemaCheck::kRefuse);
    EXPECT_EQ(served.code(),
              c.harmful ? absl::StatusCode::kFailedPrecondition : absl::StatusCode::kOk)
        << statement << ": " << served;
    EXPECT_TRUE(CheckAtStart(*contract_, AppDatabase(), SchemaCheck::kWarn).ok());
    EXPECT_TRUE(CheckAtStart(*contract_, AppDatabase(), SchemaCheck::kOff).ok());
    // What the tool cannot know how to mend, it leaves.
    if (std::string(c.difference).starts_with("size")) {
      EXPECT_THAT(PlanTo(thing_)->plan.refusals, testing::SizeIs(1));
    }
    if (std::string(c.difference).starts_with("size") ||
        statement.find("rate TYPE text") != std::string::npos) {
      DropAll();
      ASSERT_TRUE(ApplySchema(thing_).ok());
      continue;
    }
    const auto done = ApplySchema(thing_);
    ASSERT_TRUE(done.ok()) << statement << ": " << done.status();
    EXPECT_THAT(Wrong(thing_), IsEmpty()) << statement;
  }
}

TEST_F(SchemaTest, ExtrasAreNotedAndLeftAlone) {
  Sql("CREATE INDEX by_hand ON test.thing (rate)");
  Sql("ALTER TABLE test.thing ADD COLUMN own integer, ADD CONSTRAINT mine CHECK (own > 0)");
  EXPECT_THAT(Wrong(thing_), IsEmpty());
  const auto done = ApplySchema(thing_);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(*done, HasSubstr("note: test.thing: index by_hand is not the contract's"));
  EXPECT_THAT(*done, HasSubstr("note: test.thing: column own is not the contract's"));
  EXPECT_THAT(*done, HasSubstr("note: test.thing: constraint mine is not the contract's"));
}

TEST_F(SchemaTest, TightensOnlyWhatFits) {
  Sql("INSERT INTO test.thing (id, name, rate) SELECT i, repeat('x', i), i FROM "
      "generate_series(1, 10) AS i");
  const struct {
    std::string contract;
    const char* violation;
    const char* repair;
  } cases[] = {
      {Thing("max_len = 100", "max_len = 8"),
       "change-type:thing.name: 2 rows of test.thing whose name is longer than 8 characters",
       "DELETE FROM test.thing WHERE id > 8"},
      {Thing("lte: 10", "lte: 7"), "1 row of test.thing that break CHECK (rate >= 0 AND rate <= 7)",
       "DELETE FROM test.thing WHERE id > 7"},
      {Thing("optional string note", "string note"), "7 rows of test.thing without note",
       "UPDATE test.thing SET note = '-'"},
      {Thing("\"name\"]", "\"note\"] unique: true"), "7 rows of test.thing that share their note",
       "UPDATE test.thing SET note = name"},
  };
  for (const auto& c : cases) {
    const InlineContract after(c.contract);
    const SchemaModel model = ModelOfContract(*after);
    const std::string before = Dump(model);
    const auto refused = ApplyAll(model);
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition) << c.contract;
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr(c.violation));
    EXPECT_EQ(Dump(model), before);
    Sql(c.repair);
    const auto done = ApplyAll(model);
    ASSERT_TRUE(done.ok()) << done.status();
    ASSERT_TRUE(ApplyAll(thing_).ok());
  }
  EXPECT_EQ(Value("SELECT count(*) FROM test.thing"), "7");
}

TEST_F(SchemaTest, KeepsTheHistory) {
  const InlineContract after(Thing("string note = 4", "string note = 4;\n  int32 size = 5"));
  ASSERT_TRUE(ApplySchema(ModelOfContract(*after)).ok());
  EXPECT_EQ(Value("SELECT string_agg(step, ' ' ORDER BY apply_time) FROM test.schema_history"),
            "create-schema:test create-table:thing add-column:thing.size");
  EXPECT_THAT(Value("SELECT sql FROM test.schema_history WHERE step = 'add-column:thing.size'"),
              HasSubstr("ADD COLUMN size integer NOT NULL DEFAULT 0;\nCOMMENT ON COLUMN"));
  EXPECT_EQ(Value("SELECT count(*) FROM test.schema_history WHERE role <> current_user OR "
                  "tool_version = '' OR length(contract_digest) <> 8"),
            "0");
}

// What a CREATE INDEX CONCURRENTLY that failed leaves behind.
TEST_F(SchemaTest, ClearsUpAnInvalidIndex) {
  Sql("INSERT INTO test.thing (id, name) VALUES (1, 'same'), (2, 'same')");
  const InlineContract after(Thing("\"name\"]", "\"name\"] unique: true"));
  const SchemaModel model = ModelOfContract(*after);
  auto session = SchemaSession::Connect(OwnerDatabase());
  ASSERT_FALSE((*session)
                   ->Execute("CREATE UNIQUE INDEX CONCURRENTLY thing_name_key ON test.thing (name)")
                   .ok());
  Sql("DELETE FROM test.thing WHERE id = 2");
  EXPECT_THAT(Wrong(model), testing::Contains("test.thing: index thing_name_key is not valid"));
  ASSERT_TRUE(ApplySchema(model).ok());
  EXPECT_THAT(Wrong(model), IsEmpty());
}

// A row that comes between the count and the index: the step fails, and leaves
// nothing behind.
TEST_F(SchemaTest, AnIndexThatFailsIsTakenAway) {
  Sql("INSERT INTO test.thing (id, name) VALUES (1, 'same')");
  const InlineContract after(Thing("\"name\"]", "\"name\"] unique: true"));
  ApplySettings settings;
  settings.before_step = [](const Step& step) {
    if (!step.index.empty()) {
      Sql("INSERT INTO test.thing (id, name) VALUES (2, 'same')");
    }
    return absl::OkStatus();
  };
  const auto done = ApplyAll(ModelOfContract(*after), settings);
  EXPECT_EQ(done.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(done.status().message()), HasSubstr("create-index:thing.thing_name_key"));
  EXPECT_EQ(Value("SELECT count(*) FROM pg_class WHERE relname = 'thing_name_key'"), "0");
  Sql("DELETE FROM test.thing WHERE id = 2");
  EXPECT_TRUE(ApplyAll(ModelOfContract(*after)).ok());
}

// An index of somebody else has the name: it stays.
TEST_F(SchemaTest, AnIndexOfAnotherTableIsNotTakenAway) {
  Sql("CREATE TABLE test.other (a int); CREATE UNIQUE INDEX thing_rate_id_idx ON test.other (a)");
  const InlineContract after(Thing("\"name\"]", "\"rate\"]"));
  const auto done = ApplySchema(ModelOfContract(*after));
  EXPECT_EQ(done.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(done.status().message()),
              HasSubstr("test.thing_rate_id_idx is an index of test.other: it already has a name"));
  EXPECT_EQ(Value("SELECT indrelid::regclass FROM pg_index WHERE indexrelid = "
                  "'test.thing_rate_id_idx'::regclass"),
            "test.other");
}

// Rows that come between the count and the step: it fails, and no value is changed.
TEST_F(SchemaTest, ValuesThatComeMeanwhileAreNotChanged) {
  const struct {
    std::string contract;
    const char* row;
    const char* value;
  } cases[] = {
      {Thing("max_len = 100", "max_len = 8"),
       "INSERT INTO test.thing (id, name) VALUES (1, 'more than eight')",
       "SELECT name FROM test.thing"},
      {Thing("int32 rate = 3 [(buf.validate.field).int32 = {gte: 0 lte: 10}]", "bool rate = 3"),
       "INSERT INTO test.thing (id, rate) VALUES (1, 5)", "SELECT rate FROM test.thing"},
  };
  for (const auto& c : cases) {
    const InlineContract after(c.contract);
    ApplySettings settings;
    settings.before_step = [&](const Step& step) {
      if (step.name.starts_with("change-type:")) Sql(c.row);
      return absl::OkStatus();
    };
    const auto done = ApplyAll(ModelOfContract(*after), settings);
    EXPECT_EQ(done.status().code(), absl::StatusCode::kFailedPrecondition) << done.status();
    const std::string value = Value(c.value);
    EXPECT_TRUE(value == "more than eight" || value == "5") << value;
    Sql("TRUNCATE test.thing");
    ASSERT_TRUE(ApplySchema(thing_).ok());
  }
}

TEST_F(SchemaTest, StopsWhenItsLockIsLost) {
  const InlineContract after(Thing("string note = 4", "string note = 4;\n  int32 size = 5"));
  ApplySettings settings;
  settings.before_step = [](const Step&) {
    Sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
    return absl::OkStatus();
  };
  const auto done = ApplySchema(ModelOfContract(*after), {}, settings);
  EXPECT_EQ(done.status().code(), absl::StatusCode::kAborted) << done.status();
  EXPECT_THAT(std::string(done.status().message()), HasSubstr("held the lock is lost"));
  EXPECT_THAT(Wrong(thing_), IsEmpty());
}

// A longer text is no reason to look at every row under the lock.
TEST_F(SchemaTest, ALongerTextReadsNoRow) {
  const InlineContract after(Thing("max_len = 100",
                                   "max_len = 200, (buf.validate.field).required = "
                                   "true"));
  const InlineContract longer(Thing("max_len = 100",
                                    "max_len = 300, (buf.validate.field).required "
                                    "= true"));
  ASSERT_TRUE(ApplyAll(ModelOfContract(*after)).ok());
  const auto plan = PlanTo(ModelOfContract(*longer));
  ASSERT_TRUE(plan.ok()) << plan.status();
  std::vector<std::string> names;
  for (const Step& step : plan->plan.steps) {
    EXPECT_EQ(step.kind, StepKind::kOnline);
    names.push_back(step.name);
  }
  EXPECT_EQ(names.front(), "change-type:thing.name");
  // Empty, it has no rows to read: the file stays the same one, that is no rewrite.
  const std::string file = Value("SELECT pg_relation_filenode('test.thing')");
  ASSERT_TRUE(ApplySchema(ModelOfContract(*longer)).ok());
  EXPECT_EQ(Value("SELECT pg_relation_filenode('test.thing')"), file);
}

TEST_F(SchemaTest, AnAllowanceForNoStepIsTold) {
  const auto done = ApplySchema(thing_, {}, {.allowed = {"drop-column:thing.nmae"}});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(*done, HasSubstr("note: --allow drop-column:thing.nmae: no step has this name"));
}

TEST_F(SchemaTest, OddTablesAreTold) {
  Sql("ALTER TABLE test.thing ENABLE ROW LEVEL SECURITY");
  EXPECT_THAT(*ApplySchema(thing_), HasSubstr("note: test.thing: row level security is on"));
}

TEST_F(SchemaTest, OneApplierAtATime) {
  const auto lock = SchemaLock::Take(OwnerDatabase(), std::chrono::seconds(0),
                                     std::chrono::milliseconds(10), [](const std::string&) {});
  ASSERT_TRUE(lock.ok()) << lock.status();
  ApplySettings settings;
  // Connecting counts, which takes a while on a busy machine.
  settings.wait = std::chrono::seconds(2);
  settings.poll = std::chrono::milliseconds(10);
  std::vector<std::string> lines;
  const auto done = Apply(ToolDatabase(), thing_, {}, settings,
                          [&](const std::string& line) { lines.push_back(line); });
  EXPECT_EQ(done.status().code(), absl::StatusCode::kAborted);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], HasSubstr("another schema tool is at work on this database: role "));
  EXPECT_THAT(lines[0], HasSubstr("waiting for it"));
}

// Two at once: one waits for the other, and an index is made meanwhile, which waits
// for every older snapshot.
TEST_F(SchemaTest, TheSecondWaitsForTheFirst) {
  const InlineContract after(Thing("\"name\"]", "\"rate\"]"));
  const SchemaModel model = ModelOfContract(*after);
  ApplySettings settings;
  settings.poll = std::chrono::milliseconds(5);
  std::vector<absl::StatusOr<std::string>> done(4);
  std::vector<std::thread> threads;
  for (auto& one : done) {
    threads.emplace_back([&] { one = ApplySchema(model, {}, settings); });
  }
  for (std::thread& thread : threads) thread.join();
  size_t idle = 0;
  for (const auto& one : done) {
    ASSERT_TRUE(one.ok()) << one.status();
    idle += one->find("nothing to do") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(idle, done.size() - 1);
  EXPECT_EQ(Value("SELECT count(*) FROM test.schema_history WHERE step LIKE 'create-index:%'"),
            "1");
}

// A table that somebody holds: the step is tried again, and does not make others
// wait for longer than its lock_timeout at a time.
TEST_F(SchemaTest, TriesAgainWhileTheTableIsLocked) {
  const InlineContract after(Thing("string note = 4", "string note = 4;\n  int32 size = 5"));
  const SchemaModel model = ModelOfContract(*after);
  auto other = SchemaSession::Connect(OwnerDatabase());
  ASSERT_TRUE((*other)->Execute("BEGIN").ok());
  ASSERT_TRUE((*other)->Execute("LOCK TABLE test.thing IN ACCESS SHARE MODE").ok());
  ApplySettings settings;
  settings.steps = {.lock_timeout = std::chrono::milliseconds(20),
                    .retry_for = std::chrono::milliseconds(100),
                    .pause = std::chrono::milliseconds(10)};
  const auto given_up = ApplySchema(model, {}, settings);
  EXPECT_EQ(given_up.status().code(), absl::StatusCode::kAborted);
  EXPECT_THAT(std::string(given_up.status().message()),
              HasSubstr("add-column:thing.size: no lock within 100ms; tables of test are "
                        "locked by process "));

  settings.steps.retry_for = std::chrono::seconds(60);
  bool released = false;
  const auto done = Apply(ToolDatabase(), model, {}, settings, [&](const std::string& line) {
    if (released || line.find("trying again") == std::string::npos) return;
    released = (*other)->Execute("ROLLBACK").ok();
  });
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_TRUE(released);
  EXPECT_THAT(Wrong(model), IsEmpty());
}

TEST_F(SchemaTest, ATableOfSomebodyElseIsTakenOverAsItIs) {
  Sql("DROP TABLE test.thing");
  Sql("CREATE TABLE test.thing (id bigint PRIMARY KEY, name varchar(255), remark text)");
  Sql("INSERT INTO test.thing VALUES (1, 'a', 'kept')");
  const auto done = ApplySchema(thing_, {}, {.allowed = {"take-over:thing"}});
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(Wrong(thing_), IsEmpty());
  EXPECT_EQ(Value("SELECT remark FROM test.thing"), "kept");
}

}  // namespace
}  // namespace dataservice::test
