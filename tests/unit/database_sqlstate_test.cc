#include <gtest/gtest.h>

#include "database/sqlstate.h"

namespace dataservice {
namespace {

TEST(SqlState, ExactStatesBeatTheirClass) {
  EXPECT_EQ(KindOfSqlState("23001"), SqlErrorKind::kReference);
  EXPECT_EQ(KindOfSqlState("23503"), SqlErrorKind::kReference);
  EXPECT_EQ(KindOfSqlState("23505"), SqlErrorKind::kUnique);
  EXPECT_EQ(KindOfSqlState("23514"), SqlErrorKind::kValue);
}

TEST(SqlState, WhatWasRolledBackMayRunAgain) {
  EXPECT_EQ(KindOfSqlState("40001"), SqlErrorKind::kRolledBack);
  EXPECT_EQ(KindOfSqlState("40P01"), SqlErrorKind::kRolledBack);
}

TEST(SqlState, FailOverStates) {
  EXPECT_EQ(KindOfSqlState("57P01"), SqlErrorKind::kLost);
  EXPECT_EQ(KindOfSqlState("57P03"), SqlErrorKind::kUnavailable);
  EXPECT_EQ(KindOfSqlState("25006"), SqlErrorKind::kUnavailable);
  EXPECT_TRUE(SpoilsConnection("25006"));
  EXPECT_FALSE(SpoilsConnection("23505"));
}

TEST(SqlState, NoValueOfARowGoesToTheLog) {
  EXPECT_EQ(LogText({SqlErrorKind::kValue, "22P02", "invalid input: \"secret\""}), "");
  EXPECT_EQ(LogText({SqlErrorKind::kValue, "23514", "violates \"x\"\nDETAIL: secret"}),
            "violates \"x\"");
}

TEST(SqlState, TheRestIsOurFault) {
  EXPECT_EQ(KindOfSqlState("42P01"), SqlErrorKind::kOther);
  EXPECT_EQ(KindOfSqlState(""), SqlErrorKind::kOther);
}

}  // namespace
}  // namespace dataservice
