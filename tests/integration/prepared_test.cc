// A connection that prepares its statements.
#include <gmock/gmock.h>

#include "database/connection.h"
#include "engine_fixture.h"

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
    return std::get<pqxx::result>(result).at(0).at(0).c_str();
  }

  static std::string Error(SqlErrorKind kind) {
    return "error " + std::to_string(static_cast<int>(kind));
  }

  Watchdog watchdog_;
  // The owner's own, direct connection: no pooler knows the names.
  Connection connection_{{.conninfo = OwnerDatabase(), .prepared_statements = true}, watchdog_};
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
  Sql("CREATE TABLE public.prepared_test AS SELECT 1::int AS n");
  EXPECT_EQ(Run("SELECT n FROM public.prepared_test"), "1");
  Sql("ALTER TABLE public.prepared_test ALTER n TYPE bigint");
  EXPECT_EQ(Run("SELECT n FROM public.prepared_test"), Error(SqlErrorKind::kRolledBack));
  EXPECT_EQ(Run("SELECT n FROM public.prepared_test"), "1");
  Sql("DROP TABLE public.prepared_test");
}

TEST_F(PreparedTest, ANewConnectionPreparesAnew) {
  EXPECT_EQ(Run("SELECT 1"), "1");
  const std::string pid = Run("SELECT pg_backend_pid()");
  Sql("SELECT pg_terminate_backend(" + pid + ", 5000)");
  EXPECT_EQ(Run("SELECT 1"), "1");
  EXPECT_EQ(Run("SELECT count(*) FROM pg_prepared_statements"), "2");
}

}  // namespace
}  // namespace dataservice::test
