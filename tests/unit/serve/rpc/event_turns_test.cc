#include "serve/rpc/event_turns.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace dataservice {
namespace {

class EventTurnsTest : public testing::Test {
 protected:
  // Takes all events; returns their numbers.
  std::vector<size_t> TakeAll() {
    std::vector<size_t> taken;
    while (!turns_.empty()) taken.push_back(&turns_.Take() - events_.data());
    return taken;
  }
  void Add(int connection, size_t event) { turns_.Add(&connections_[connection], events_[event]); }

  std::array<CallEvent, 6> events_;
  std::array<char, 3> connections_;
  EventTurns turns_;
};

TEST_F(EventTurnsTest, ConnectionsTakeTurns) {
  for (size_t event : {0, 1, 2, 3}) Add(0, event);
  Add(1, 4);
  Add(2, 5);
  EXPECT_EQ(turns_.size(), 6);
  EXPECT_EQ(TakeAll(), (std::vector<size_t>{0, 4, 5, 1, 2, 3}));
  EXPECT_EQ(turns_.size(), 0);
}

TEST_F(EventTurnsTest, AnEventThatComesLaterWaitsForOneTurnOfEachConnection) {
  for (size_t event : {0, 1, 2}) Add(0, event);
  EXPECT_EQ(&turns_.Take(), &events_[0]);
  Add(1, 3);
  Add(1, 4);
  EXPECT_EQ(TakeAll(), (std::vector<size_t>{1, 3, 2, 4}));
}

TEST_F(EventTurnsTest, AnEventCanBeAddedAgainAfterItWasTaken) {
  Add(0, 0);
  Add(0, 1);
  EXPECT_EQ(&turns_.Take(), &events_[0]);
  Add(0, 0);
  EXPECT_EQ(TakeAll(), (std::vector<size_t>{1, 0}));
}

}  // namespace
}  // namespace dataservice
