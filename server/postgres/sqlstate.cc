#include "postgres/sqlstate.h"

#include <array>

namespace dataservice {
namespace {

struct Row {
  std::string_view prefix;  // a state or a class
  SqlErrorKind kind;
  bool spoils;
};

// The first that fits.
constexpr std::array<Row, 22> kTable = {{
    {"08", SqlErrorKind::kLost, true},    // the connection
    {"22", SqlErrorKind::kValue, false},  // a value that its type refuses
    {sqlstate::kRestrictViolation, SqlErrorKind::kReference,
     false},  // RESTRICT, from PostgreSQL 18 on
    {sqlstate::kForeignKeyViolation, SqlErrorKind::kReference, false},   // a foreign key
    {sqlstate::kUniqueViolation, SqlErrorKind::kUnique, false},          // a unique index
    {sqlstate::kExclusionViolation, SqlErrorKind::kUnique, false},       // an exclusion constraint
    {"23", SqlErrorKind::kValue, false},                                 // CHECK, NOT NULL
    {sqlstate::kReadOnlyTransaction, SqlErrorKind::kUnavailable, true},  // a demoted writer
    {"28", SqlErrorKind::kUnavailable, true},  // credentials are being rotated
    {"3D", SqlErrorKind::kUnavailable, true},  // no such database (yet)
    {sqlstate::kSerializationFailure, SqlErrorKind::kRolledBack, false},  // a serialization failure
    {sqlstate::kDeadlockDetected, SqlErrorKind::kRolledBack, false},      // a deadlock
    {"53", SqlErrorKind::kUnavailable, false},  // out of memory, disk or connections
    {"54", SqlErrorKind::kValue, false},        // too large for an index
    {sqlstate::kLockNotAvailable, SqlErrorKind::kLocked, false},      // lock_timeout
    {sqlstate::kQueryCanceled, SqlErrorKind::kTimedOut, false},       // statement_timeout
    {sqlstate::kAdminShutdown, SqlErrorKind::kLost, true},            // a shutdown
    {sqlstate::kCrashShutdown, SqlErrorKind::kLost, true},            // a crash
    {sqlstate::kCannotConnectNow, SqlErrorKind::kUnavailable, true},  // not up yet
    {sqlstate::kIdleSessionTimeout, SqlErrorKind::kLost, true},       // idle for too long
    {"58", SqlErrorKind::kUnavailable, false},                  // the server's own disk or system
    {sqlstate::kRaiseException, SqlErrorKind::kRaised, false},  // RAISE EXCEPTION
}};

const Row* Find(std::string_view sqlstate) {
  for (const Row& row : kTable) {
    if (sqlstate.starts_with(row.prefix)) return &row;
  }
  return nullptr;
}

}  // namespace

SqlErrorKind KindOfSqlState(std::string_view sqlstate) {
  const Row* row = Find(sqlstate);
  return row == nullptr ? SqlErrorKind::kOther : row->kind;
}

bool SpoilsConnection(std::string_view sqlstate) {
  const Row* row = Find(sqlstate);
  return row != nullptr && row->spoils;
}

SqlErrorKind KindOfError(std::string_view sqlstate, std::string_view routine) {
  const SqlErrorKind kind = KindOfSqlState(sqlstate);
  // Where RAISE is carried out, in every version of PL/pgSQL.
  if (routine != "exec_stmt_raise") return kind;
  switch (kind) {
    case SqlErrorKind::kRolledBack:
    case SqlErrorKind::kLocked:
    case SqlErrorKind::kTimedOut:
      return kind;
    default:
      return SqlErrorKind::kRaised;
  }
}

std::string LogText(const SqlError& error) {
  if (error.sqlstate.starts_with("22") || error.in_function ||
      error.kind == SqlErrorKind::kRaised) {
    return "withheld, because it may quote values of a row; reported by " + error.routine;
  }
  return error.message.substr(0, error.message.find('\n'));
}

}  // namespace dataservice
