#include "database/sqlstate.h"

#include <array>

namespace dataservice {
namespace {

struct Row {
  std::string_view prefix;  // a state or a class
  SqlErrorKind kind;
  bool spoils;
};

// The first that fits.
constexpr std::array<Row, 20> kTable = {{
    {"08", SqlErrorKind::kLost, true},
    {"22", SqlErrorKind::kValue, false},
    {"23001", SqlErrorKind::kReference, false},  // RESTRICT, from PostgreSQL 18 on
    {"23503", SqlErrorKind::kReference, false},
    {"23505", SqlErrorKind::kUnique, false},
    {"23", SqlErrorKind::kValue, false},
    {"25006", SqlErrorKind::kUnavailable, true},  // a demoted writer
    {"28", SqlErrorKind::kUnavailable, true},     // credentials are being rotated
    {"3D", SqlErrorKind::kUnavailable, true},     // no such database (yet)
    {"40001", SqlErrorKind::kRolledBack, false},
    {"40P01", SqlErrorKind::kRolledBack, false},
    {"53", SqlErrorKind::kUnavailable, false},  // out of memory, disk or connections
    {"54", SqlErrorKind::kValue, false},        // too large for an index
    {"55P03", SqlErrorKind::kLocked, false},
    {"57014", SqlErrorKind::kTimedOut, false},
    {"57P01", SqlErrorKind::kLost, true},
    {"57P02", SqlErrorKind::kLost, true},
    {"57P03", SqlErrorKind::kUnavailable, true},
    {"57P05", SqlErrorKind::kLost, true},
    {"58", SqlErrorKind::kUnavailable, false},  // the server's own disk or system
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

std::string LogText(const SqlError& error) {
  if (error.sqlstate.starts_with("22") || error.sqlstate.starts_with("P0")) return "";
  return error.text.substr(0, error.text.find('\n'));
}

}  // namespace dataservice
