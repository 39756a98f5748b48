// Nothing that the server sends may pin a pooler's connection: read from the
// database's log of all statements, after the tests that ran before this one.
#include <algorithm>
#include <fstream>
#include <regex>
#include <unordered_set>

#include "engine_fixture.h"

namespace dataservice::test {
namespace {

TEST(Pins, NoStatementOfTheServerPins) {
  const char* path = std::getenv("TEST_DATABASE_LOG");
  if (path == nullptr) GTEST_SKIP() << "TEST_DATABASE_LOG is not set";
  std::ifstream log(path);
  ASSERT_TRUE(log) << path;
  // RDS Proxy pins after these; a statement over 16 KB pins too. It follows a plain
  // BEGIN to its COMMIT, and is free again. A named statement pins, so the server prepares
  // on direct connections only.
  const std::string named = IsDirect(AppDatabase()) ? "" : "|execute [^<:]+:";
  const std::regex pins(
      R"((statement|execute [^:]*): *(SET|PREPARE|EXECUTE|DEALLOCATE|DISCARD|LISTEN|DECLARE|CREATE TEMP|START|SAVEPOINT|BEGIN +[A-Z])\b|nextval|setval|set_config|pg_(try_)?advisory_lock)" +
          named,
      std::regex::icase);
  constexpr size_t kMost = 16 * 1024;
  // What PgBouncer says for itself when it hands a connection on.
  const std::string handover = "statement: SET application_name=";
  const std::string role = AppRole();
  size_t seen = 0;
  std::unordered_set<std::string> statements;
  for (std::string line; std::getline(log, line);) {
    if (line.find(" execute ") == std::string::npos &&
        line.find("statement:") == std::string::npos) {
      continue;
    }
    if (line.find(role) == std::string::npos || line.find(handover) != std::string::npos) continue;
    ++seen;
    // Of the same words each time, but for when and who.
    if (!statements.insert(line.substr(std::min(line.find("LOG:"), line.size()))).second) continue;
    EXPECT_FALSE(std::regex_search(line.substr(0, kMost), pins)) << line.substr(0, 200);
    EXPECT_LT(line.size(), kMost);
  }
  EXPECT_GT(seen, 1000U);
}

}  // namespace
}  // namespace dataservice::test
