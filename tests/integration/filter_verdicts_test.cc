// What filters select, by a table of filters and rows.
#include <gmock/gmock.h>

#include <fstream>
#include <pqxx/pqxx>
#include <sstream>

#include "engine_fixture.h"
#include "serve/filter/filter.h"
#include "serve/sql/condition.h"

namespace dataservice::test {
namespace {

std::string Testdata(const std::string& name) {
  std::ifstream file(std::string(TESTDATA) + "/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

class FilterVerdictsTest : public EngineTest {
 protected:
  // The last digits of the ids that the filter selects, ascending.
  static std::string Selected(pqxx::connection& connection, const CheckedFilter& filter,
                              const Resource& resource) {
    int next = 1;
    const std::string condition = ConditionSql(filter.condition, resource, "t", next);
    std::vector<std::string> values;
    for (size_t i = 0; i < filter.values.size(); ++i) values.emplace_back(*filter.values[i]);
    pqxx::nontransaction work(connection);
    return work
        .exec_params(
            "SELECT coalesce(string_agg(right(t.id::text, 1), '' ORDER BY t.id), '') "
            "FROM types.sample AS t WHERE " +
                condition,
            pqxx::prepare::make_dynamic_params(values))
        .at(0)
        .at(0)
        .c_str();
  }
};

TEST_F(FilterVerdictsTest, EachSelectsItsRows) {
  const auto contract = Contract::BuildFromGeneratedPool("types/v1/types.proto");
  const Resource& sample = *(*contract)->FindResource(types::v1::Sample::descriptor());
  pqxx::connection connection(OwnerDatabase());
  {
    pqxx::nontransaction work(connection);
    work.exec(Testdata("filter_rows.sql"));
  }
  std::istringstream lines(Testdata("filter_verdicts.txt"));
  int cases = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    const size_t tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    const auto filter = ParseFilter(std::string_view(line).substr(0, tab), sample);
    const std::string expected = line.substr(tab + 1);
    ++cases;
    EXPECT_EQ(filter.ok(), expected != "ERR") << line << ": " << filter.status();
    if (!filter.ok()) continue;
    EXPECT_EQ(Selected(connection, *filter, sample), expected) << line;
  }
  EXPECT_GT(cases, 150);
}

}  // namespace
}  // namespace dataservice::test
