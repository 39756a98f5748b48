#include "serve/reader/database_position.h"

#include <gtest/gtest.h>

#include "serve/reader/writer_history.h"

namespace dataservice::test {
namespace {

using std::chrono::seconds;

SteadyTime At(int64_t time) { return SteadyTime(seconds(time)); }

TEST(DatabasePosition, IsCoveredByEitherNumber) {
  const DatabasePosition writer{"c/1", 100, 50};
  EXPECT_TRUE(Covers({"c/1", 100, 50}, writer));
  EXPECT_TRUE(Covers({"c/1", 100, 40}, writer)) << "a long transaction";
  EXPECT_TRUE(Covers({"c/1", 90, 50}, writer)) << "WAL without a transaction";
  EXPECT_FALSE(Covers({"c/1", 99, 49}, writer));
}

TEST(DatabasePosition, OfAnotherTimelineOrClusterIsNotCovered) {
  const DatabasePosition writer{"c/2", 100, 50};
  EXPECT_FALSE(Covers({"c/1", 200, 60}, writer));
  EXPECT_FALSE(Covers({"d/2", 200, 60}, writer));
  EXPECT_FALSE(Covers({"", 0, 60}, writer));
}

TEST(DatabasePosition, WithoutWalIsCoveredByTransactions) {
  EXPECT_TRUE(Covers({"", 0, 50}, {"", 0, 50}));
  EXPECT_FALSE(Covers({"", 0, 49}, {"", 0, 50}));
}

TEST(WriterHistory, FindsTheLatestTimeThatIsCovered) {
  WriterHistory history(seconds(10));
  EXPECT_FALSE(history.CoveredBy({"c", 1, 1}));
  for (int64_t i = 1; i <= 5; ++i) {
    history.Add(At(i), {"c", static_cast<uint64_t>(10 * i), static_cast<uint64_t>(i)});
  }
  EXPECT_EQ(history.CoveredBy({"c", 35, 0}), At(3));
  EXPECT_EQ(history.CoveredBy({"c", 90, 0}), At(5));
  EXPECT_FALSE(history.CoveredBy({"c", 9, 0}));
}

TEST(WriterHistory, IsFollowedByItsLatestTimeline) {
  WriterHistory history(seconds(10));
  EXPECT_TRUE(history.IsFollowedBy({"c/1", 1, 1}));
  history.Add(At(1), {"c/1", 10, 1});
  history.Add(At(2), {"c/2", 20, 2});
  EXPECT_TRUE(history.IsFollowedBy({"c/2", 1, 1}));
  EXPECT_FALSE(history.IsFollowedBy({"c/1", 10, 1}));
}

TEST(WriterHistory, ForgetsWhatIsTooOld) {
  WriterHistory history(seconds(10));
  history.Add(At(1), {"c", 10, 1});
  history.Add(At(12), {"c", 20, 2});
  EXPECT_FALSE(history.CoveredBy({"c", 10, 1}));
  EXPECT_EQ(history.CoveredBy({"c", 20, 2}), At(12));
}

}  // namespace
}  // namespace dataservice::test
