// SQLSTATEs, and what an error of the database means for the operation that got it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dataservice {

// The SQLSTATEs that the code names (PostgreSQL manual, appendix A). The table in sqlstate.cc
// says what each state and class means.
namespace sqlstate {
inline constexpr std::string_view kFeatureNotSupported = "0A000";
inline constexpr std::string_view kRestrictViolation = "23001";
inline constexpr std::string_view kForeignKeyViolation = "23503";
inline constexpr std::string_view kUniqueViolation = "23505";
inline constexpr std::string_view kExclusionViolation = "23P01";
inline constexpr std::string_view kReadOnlyTransaction = "25006";
inline constexpr std::string_view kInvalidStatementName = "26000";
inline constexpr std::string_view kSerializationFailure = "40001";
inline constexpr std::string_view kDeadlockDetected = "40P01";
inline constexpr std::string_view kDuplicatePreparedStatement = "42P05";
inline constexpr std::string_view kObjectNotInPrerequisiteState = "55000";
inline constexpr std::string_view kLockNotAvailable = "55P03";
inline constexpr std::string_view kQueryCanceled = "57014";
inline constexpr std::string_view kAdminShutdown = "57P01";
inline constexpr std::string_view kCrashShutdown = "57P02";
inline constexpr std::string_view kCannotConnectNow = "57P03";
inline constexpr std::string_view kIdleSessionTimeout = "57P05";
inline constexpr std::string_view kRaiseException = "P0001";
}  // namespace sqlstate

enum class SqlErrorKind {
  kReference,    // a foreign key is broken
  kUnique,       // another row has the same unique value, or excludes this one
  kValue,        // the row's values are refused
  kRaised,       // a trigger's or a function's own RAISE: a rule of the database
  kRolledBack,   // a deadlock or serialization failure: rolled back, may be tried again
  kLocked,       // another transaction holds the row (lock_timeout); rolled back
  kUnavailable,  // nothing was done: no connection, or a server that takes no writes
  kLost,         // the connection was lost while the statement ran: its outcome is unknown
  kTimedOut,     // the server cancelled the statement (statement_timeout); rolled back
  kCancelled,    // the engine cancelled the statement (StatementWatch); rolled back
  kOther,        // a fault of the engine or of the installation
};

struct SqlError {
  SqlErrorKind kind = SqlErrorKind::kOther;
  std::string sqlstate;  // empty where the driver had none
  // The primary message. It may quote values of a row: see LogText().
  std::string message;
  std::string hint;
  // The object that it is about; empty if the database does not report it.
  std::string schema;
  std::string table;
  std::string constraint;  // or the name of a unique index
  // The columns of the constraint, or the one that the error names
  // (postgres/constraint_columns.h completes them).
  std::vector<std::string> columns;
  // PostgreSQL's own function that reported it.
  std::string routine;
  // It was reported inside a function of the database: the message may contain anything.
  bool in_function = false;
};

// The kind of an SQLSTATE (PostgreSQL manual, appendix A), by class.
SqlErrorKind KindOfSqlState(std::string_view sqlstate);

// The same for an error that was reported by that routine of PostgreSQL. An error of
// PL/pgSQL's RAISE is kRaised for every ERRCODE except those that mean that nothing was done
// (40001, 40P01, 55P03, 57014).
SqlErrorKind KindOfError(std::string_view sqlstate, std::string_view routine);

// Whether the connection must not be used again after an error of that state.
bool SpoilsConnection(std::string_view sqlstate);

// The first line of the message, which has no value of a row. For the class whose messages
// quote values (22), and for errors of a function, only the routine that reported it.
std::string LogText(const SqlError& error);

}  // namespace dataservice
