// What an error of the database means for the operation that got it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dataservice {

enum class SqlErrorKind {
  kReference,    // 23001, 23503: a foreign key is broken
  kUnique,       // 23505, 23P01: another row is in the way
  kValue,        // classes 22 and 23 otherwise, 54: the row's values are refused
  kRaised,       // a trigger's or a function's own RAISE: a rule of the database
  kRolledBack,   // 40001, 40P01: rolled back, may be tried again
  kLocked,       // 55P03: another transaction holds the row; rolled back
  kUnavailable,  // nothing was done: no connection, or a server that takes no writes
  kLost,         // the connection went while the statement ran: outcome unknown
  kTimedOut,     // 57014: the server gave up the statement and rolled it back
  kOther,        // a fault of ours, or of the installation
};

struct SqlError {
  SqlErrorKind kind = SqlErrorKind::kOther;
  std::string sqlstate;  // empty where the driver had none
  // The primary message. It may quote values of a row: see LogText().
  std::string message;
  std::string hint;
  // What it is about; empty where the database does not say so.
  std::string schema;
  std::string table;
  std::string constraint;  // or the name of a unique index
  // The columns of the constraint, or the one that the error names
  // (postgres/constraint_columns.h completes them).
  std::vector<std::string> columns;
  // PostgreSQL's own function that reported it.
  std::string routine;
  // A function of the database was at work: the message may be made of anything.
  bool in_function = false;
};

// The kind of an SQLSTATE (PostgreSQL manual, appendix A), by class.
SqlErrorKind KindOfSqlState(std::string_view sqlstate);

// The same of an error that was reported by that routine of PostgreSQL: an error that
// PL/pgSQL's RAISE made is kRaised, whatever ERRCODE its author chose, but for states that
// say that nothing was done and why (40001, 55P03, ...).
SqlErrorKind KindOfError(std::string_view sqlstate, std::string_view routine);

// Whether the connection must not be used again after an error of that state.
bool SpoilsConnection(std::string_view sqlstate);

// The message as far as it holds no value of a row: its first line. Of the classes whose
// messages quote values (22), and of what came out of a function, only the routine that
// reported it.
std::string LogText(const SqlError& error);

}  // namespace dataservice
