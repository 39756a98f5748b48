// What an error of the database means for the operation that got it.
#pragma once

#include <string>
#include <string_view>

namespace dataservice {

enum class SqlErrorKind {
  kReference,    // 23001, 23503: a foreign key is broken
  kUnique,       // 23505
  kValue,        // classes 22 and 23 otherwise, 54: the row's values are refused
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
  std::string text;      // the driver's words: for the log only
};

// The kind of an SQLSTATE (PostgreSQL manual, appendix A), by class.
SqlErrorKind KindOfSqlState(std::string_view sqlstate);

// Whether the connection must not be used again after an error of that state.
bool SpoilsConnection(std::string_view sqlstate);

// The driver's words as far as they hold no value of a row: the first line, and
// nothing for the classes whose message quotes values (22, and P0, a trigger's).
std::string LogText(const SqlError& error);

}  // namespace dataservice
