#include "postgres/sqlstate.h"

#include <gtest/gtest.h>

namespace dataservice {
namespace {

TEST(SqlState, ExactStatesBeatTheirClass) {
  EXPECT_EQ(KindOfSqlState("23001"), SqlErrorKind::kReference);
  EXPECT_EQ(KindOfSqlState("23503"), SqlErrorKind::kReference);
  EXPECT_EQ(KindOfSqlState("23505"), SqlErrorKind::kUnique);
  EXPECT_EQ(KindOfSqlState("23P01"), SqlErrorKind::kUnique);
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

TEST(SqlState, ARaiseIsARuleOfTheDatabaseWhateverItsState) {
  EXPECT_EQ(KindOfSqlState("P0001"), SqlErrorKind::kRaised);
  for (const char* state :
       {"P0001", "P0002", "23514", "23505", "22023", "42501", "BK001", "08006"}) {
    EXPECT_EQ(KindOfError(state, "exec_stmt_raise"), SqlErrorKind::kRaised) << state;
  }
  // What says that nothing was done, and why.
  EXPECT_EQ(KindOfError("40001", "exec_stmt_raise"), SqlErrorKind::kRolledBack);
  EXPECT_EQ(KindOfError("55P03", "exec_stmt_raise"), SqlErrorKind::kLocked);
  EXPECT_EQ(KindOfError("57014", "exec_stmt_raise"), SqlErrorKind::kTimedOut);
  EXPECT_EQ(KindOfError("23514", "ExecConstraints"), SqlErrorKind::kValue);
  EXPECT_EQ(KindOfError("P0002", "exec_stmt_execsql"), SqlErrorKind::kOther);
}

TEST(SqlState, NoValueOfARowGoesToTheLog) {
  const auto text_of = [](const char* state, SqlErrorKind kind, bool in_function) {
    return LogText({.kind = kind,
                    .sqlstate = state,
                    .message = "message\nsecret",
                    .routine = "routine",
                    .in_function = in_function});
  };
  const std::string withheld =
      "withheld, because it may quote values of a row; reported by routine";
  EXPECT_EQ(text_of("22P02", SqlErrorKind::kValue, false), withheld);
  EXPECT_EQ(text_of("P0001", SqlErrorKind::kRaised, false), withheld);
  EXPECT_EQ(text_of("42601", SqlErrorKind::kOther, true), withheld);
  EXPECT_EQ(text_of("23514", SqlErrorKind::kValue, false), "message");
}

TEST(SqlState, TheRestIsOurFault) {
  EXPECT_EQ(KindOfSqlState("42P01"), SqlErrorKind::kOther);
  EXPECT_EQ(KindOfSqlState(""), SqlErrorKind::kOther);
}

}  // namespace
}  // namespace dataservice
