#include "serve/monitoring/slow_statements.h"

#include <gtest/gtest.h>

#include "serve/sql/statement.h"

namespace dataservice::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

SteadyTime now;

class SlowStatementsTest : public testing::Test {
 protected:
  SlowStatementsTest() { now = SteadyTime(minutes(100)); }

  void Add(const std::string& text, milliseconds duration) {
    const Statement statement{.shape = {}, .text = text};
    statements_.Add({.method = "/a.B/C", .operations = 2, .statement = &statement}, duration);
  }

  SlowStatements statements_{[] { return now; }};
};

TEST_F(SlowStatementsTest, TheLongestSumIsTheFirst) {
  Add("one", milliseconds(30));
  Add("two", milliseconds(20));
  Add("two", milliseconds(25));
  Add("short", milliseconds(1));
  const auto slowest = statements_.Slowest(10);
  ASSERT_EQ(slowest.size(), 2u);
  EXPECT_EQ(slowest[0].text, "two");
  EXPECT_EQ(slowest[0].method, "a.B/C");
  EXPECT_EQ(slowest[0].batches, 2u);
  EXPECT_EQ(slowest[0].operations, 4u);
  EXPECT_EQ(slowest[0].longest, milliseconds(25));
  EXPECT_NE(slowest[0].id, slowest[1].id);
  EXPECT_EQ(statements_.Slowest(1).size(), 1u);
}

TEST_F(SlowStatementsTest, OnlyTheLastMinutesCount) {
  Add("one", milliseconds(30));
  now += minutes(3);
  Add("one", milliseconds(10));
  EXPECT_EQ(statements_.Slowest(1)[0].sum, milliseconds(40));
  now += minutes(3);
  EXPECT_EQ(statements_.Slowest(1)[0].sum, milliseconds(10));
  now += minutes(3);
  EXPECT_TRUE(statements_.Slowest(1).empty());
}

TEST_F(SlowStatementsTest, TextsAreLimited) {
  for (int i = 0; i < 1000; ++i) Add(std::to_string(i), milliseconds(10));
  EXPECT_LE(statements_.Slowest(1000).size(), 200u);
}

TEST_F(SlowStatementsTest, ACustomMethodHasNoStatement) {
  statements_.Add({.method = "/a.B/C"}, milliseconds(10));
  EXPECT_TRUE(statements_.Slowest(1).empty());
}

}  // namespace
}  // namespace dataservice::test
