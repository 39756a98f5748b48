#include "serve/reader/database_position.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "view.h"

namespace dataservice {
namespace {

constexpr int kShortAsks = 1000;

// Between two connections that lead to the wrong database.
constexpr std::chrono::seconds kLeavePause{1};

// Each has the columns: in recovery, timeline, wal, transaction. The snapshot is older than what
// the functions return.
constexpr char kWriterText[] =
    "SELECT pg_catalog.pg_is_in_recovery(), "
    "(SELECT system_identifier FROM pg_catalog.pg_control_system()) || '/' || "
    "pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8), "
    "pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0'), "
    "pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())";
// The timeline is that of the control file, which a standby updates some time after it has begun
// to follow another primary: until then it is not used.
constexpr char kReaderText[] =
    "SELECT pg_catalog.pg_is_in_recovery(), "
    "(SELECT system_identifier FROM pg_catalog.pg_control_system()) || '/' || "
    "pg_catalog.lpad(pg_catalog.upper(pg_catalog.to_hex((SELECT "
    "greatest(c.timeline_id, r.min_recovery_end_timeline) FROM "
    "pg_catalog.pg_control_checkpoint() c, pg_catalog.pg_control_recovery() r))), 8, '0'), "
    "pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0'), "
    "pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())";
constexpr char kShortWriterText[] =
    "SELECT pg_catalog.pg_is_in_recovery(), '', 0, "
    "pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())";
constexpr char kShortReaderText[] =
    "SELECT pg_catalog.pg_is_in_recovery(), '', 0, "
    "pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())";

const char* TextOf(DatabaseRole role, bool is_short) {
  if (role == DatabaseRole::kWriter) return is_short ? kShortWriterText : kWriterText;
  return is_short ? kShortReaderText : kReaderText;
}

// The database does not have one of the functions, or not now.
bool IsNotSupported(const SqlError& error) {
  return error.sqlstate == sqlstate::kFeatureNotSupported ||
         error.sqlstate == sqlstate::kObjectNotInPrerequisiteState;
}

bool HasRole(const QueryResult& rows, DatabaseRole role) {
  const bool in_recovery = rows[0].text(0) == "t";
  return in_recovery == (role == DatabaseRole::kReader);
}

absl::StatusOr<DatabasePosition> Read(const QueryResult& rows) {
  DatabasePosition position{.timeline = std::string(rows[0].text(1))};
  if (!absl::SimpleAtoi(View(rows[0].text(2)), &position.wal) ||
      !absl::SimpleAtoi(View(rows[0].text(3)), &position.transaction)) {
    return absl::UnavailableError("the database reports no position");
  }
  return position;
}

absl::Status Failed(const SqlError& error) {
  return absl::UnavailableError(absl::StrCat(error.sqlstate, " ", LogText(error)));
}

}  // namespace

bool Covers(const DatabasePosition& reader, const DatabasePosition& writer) {
  if (reader.timeline != writer.timeline) return false;
  return (writer.wal > 0 && reader.wal >= writer.wal) || reader.transaction >= writer.transaction;
}

absl::StatusOr<DatabasePosition> PositionQuery::Ask(Connection& connection,
                                                    const StatementLimit& limit) {
  bool is_short = short_asks_ > 0;
  if (is_short) --short_asks_;
  auto result = connection.Run(TextOf(role_, is_short), {}, limit);
  const auto* error = std::get_if<SqlError>(&result);
  if (error != nullptr && !is_short && IsNotSupported(*error)) {
    is_short = true;
    result = connection.Run(TextOf(role_, is_short), {}, limit);
    error = std::get_if<SqlError>(&result);
    if (error == nullptr) short_asks_ = kShortAsks;
  }
  if (error != nullptr) return Failed(*error);
  const auto& rows = std::get<QueryResult>(result);
  if (HasRole(rows, role_)) return Read(rows);
  Leave(connection);
  return absl::UnavailableError(role_ == DatabaseRole::kWriter ? "the writer is a standby"
                                                               : "the reader is not a standby");
}

void PositionQuery::Leave(Connection& connection) {
  // What a database of the wrong role does not support says nothing about one of the right role,
  // which it may become on the same connection.
  short_asks_ = 0;
  const auto now = std::chrono::steady_clock::now();
  if (left_ && now - *left_ < kLeavePause) return;
  left_ = now;
  connection.Close();
}

}  // namespace dataservice
