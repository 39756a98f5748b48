#include "serve/values/position.h"

#include <gtest/gtest.h>

namespace dataservice {
namespace {

TEST(Position, GoesThereAndBack) {
  for (const Position& position :
       {Position{}, Position{"a"}, Position{std::nullopt, "", "5:x-", std::string("\0", 1)},
        Position{"x", std::nullopt}}) {
    Position read;
    ASSERT_TRUE(DecodePosition(EncodePosition(position), read));
    EXPECT_EQ(read, position);
  }
}

TEST(Position, AnythingElseIsRefused) {
  for (const char* text :
       {"x", "3:ab", ":", "1", "99999999999999999999:a", "1:ab", "01:a", "00:"}) {
    Position position;
    EXPECT_FALSE(DecodePosition(text, position)) << text;
  }
}

}  // namespace
}  // namespace dataservice
