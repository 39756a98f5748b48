// A connection that prepares its statements.
#include <gmock/gmock.h>

#include "engine_fixture.h"
#include "postgres/connection.h"

namespace dataservice::test {
namespace {

class PreparedTest : public EngineTest {
 protected:
  // The first value of the statement's result, or the error's kind as a number.
  std::string Run(const std::string& text, const std::vector<std::string>& parameters = {}) {
    const auto result = connection_.Run(text, parameters,
                                        std::chrono::system_clock::now() + std::chrono::seconds(5));
    if (const auto* error = std::get_if<SqlError>(&result)) {
      return "error " + std::to_string(static_cast<int>(error->kind));
    }
    return std::string(std::get<QueryResult>(result)[0].text(0));
  }

  static std::string Error(SqlErrorKind kind) {
    return "error " + std::to_string(static_cast<int>(kind));
  }

  Canceller canceller_;
  ConnectionCounts counts_;
  // The owner's own, direct connection: no pooler knows the names.
  Connection connection_{
      {.conninfo = OwnerDatabase(), .prepared_statements = PreparedStatements::kOn},
      canceller_,
      counts_};
};

TEST_F(PreparedTest, EachTextOnce) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Run("SELECT $1::int + 1", {std::to_string(i)}), std::to_string(i + 1));
  }
  EXPECT_EQ(Run("SELECT count(*) FROM pg_prepared_statements"), "2");
}

TEST_F(PreparedTest, BeyondTheLimitStatementsRunUnnamed) {
  for (int i = 0; i < 600; ++i) {
    const std::string number = std::to_string(i);
    EXPECT_EQ(Run("SELECT " + number), number);
  }
  EXPECT_EQ(Run("SELECT count(*) FROM pg_prepared_statements"), "500");
}

TEST_F(PreparedTest, AChangedTableIsPreparedAnew) {
  // Before PostgreSQL 15 a database's owner may not write into the schema public.
  Sql("CREATE SCHEMA prepared_test");
  Sql("CREATE TABLE prepared_test.one AS SELECT 1::int AS n");
  EXPECT_EQ(Run("SELECT n FROM prepared_test.one"), "1");
  Sql("ALTER TABLE prepared_test.one ALTER n TYPE bigint");
  EXPECT_EQ(Run("SELECT n FROM prepared_test.one"), Error(SqlErrorKind::kRolledBack));
  EXPECT_EQ(Run("SELECT n FROM prepared_test.one"), "1");
  Sql("DROP SCHEMA prepared_test CASCADE");
}

TEST_F(PreparedTest, ANewConnectionPreparesAnew) {
  EXPECT_EQ(Run("SELECT 1"), "1");
  const std::string pid = Run("SELECT pg_backend_pid()");
  Sql("SELECT pg_terminate_backend(" + pid + ")");
  const std::string ended = "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = " + pid;
  for (int i = 0; i < 1000 && Sql(ended) != "t"; ++i) {
  }
  EXPECT_EQ(Run("SELECT 1"), "1");
  EXPECT_EQ(Run("SELECT count(*) FROM pg_prepared_statements"), "2");
}

// How many statements a connection of that kind keeps prepared, after two were executed.
std::string PreparedOn(const std::string& database, PreparedStatements setting) {
  Canceller canceller;
  ConnectionCounts counts;
  Connection connection({.conninfo = database, .prepared_statements = setting}, canceller, counts);
  const auto run = [&](const std::string& text) {
    const auto result =
        connection.Run(text, {}, std::chrono::system_clock::now() + std::chrono::seconds(5));
    return std::string(std::get<QueryResult>(result)[0].text(0));
  };
  run("SELECT 1");
  return run("SELECT count(*) FROM pg_prepared_statements");
}

TEST_F(PreparedTest, AutoPreparesOnADirectConnection) {
  EXPECT_EQ(PreparedOn(OwnerDatabase(), PreparedStatements::kAuto), "2");
  EXPECT_EQ(PreparedOn(OwnerDatabase(), PreparedStatements::kOff), "0");
}

// In the suite "pooled" the role of the server goes through PgBouncer.
TEST_F(PreparedTest, AutoPreparesNothingBehindAPooler) {
  const bool direct = IsDirect(AppDatabase());
  EXPECT_EQ(PreparedOn(AppDatabase(), PreparedStatements::kAuto), direct ? "2" : "0");
}

// A pooler that hides itself: another server connection does not have the statement.
TEST_F(PreparedTest, AutoStopsToPrepareWhereStatementsGetLost) {
  Canceller canceller;
  ConnectionCounts counts;
  Connection connection({.conninfo = OwnerDatabase()}, canceller, counts);
  const auto run = [&](const std::string& text) {
    return connection.Run(text, {}, std::chrono::system_clock::now() + std::chrono::seconds(5));
  };
  ASSERT_TRUE(std::holds_alternative<QueryResult>(run("SELECT 1")));
  ASSERT_TRUE(std::holds_alternative<QueryResult>(run("DEALLOCATE ALL")));
  const auto lost = run("SELECT 1");
  ASSERT_TRUE(std::holds_alternative<SqlError>(lost));
  EXPECT_EQ(std::get<SqlError>(lost).kind, SqlErrorKind::kRolledBack);
  const auto again = run("SELECT count(*) FROM pg_prepared_statements");
  ASSERT_TRUE(std::holds_alternative<QueryResult>(again));
  EXPECT_EQ(std::get<QueryResult>(again)[0].text(0), "0");
}

}  // namespace
}  // namespace dataservice::test
