#include "schema/apply/schema_lock.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "postgres/named_row.h"

namespace dataservice::schema {
namespace {

// The number is the first 63 bits of SHA-256 of "dataservice schema".
constexpr char kTry[] = "SELECT pg_catalog.pg_try_advisory_xact_lock(7904109571027969283) AS taken";

constexpr char kHolder[] =
    "SELECT coalesce(a.usename, '?') AS role, host(a.client_addr) AS address, l.pid, "
    "extract(epoch FROM now() - a.xact_start)::bigint AS seconds "
    "FROM pg_catalog.pg_locks AS l LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
    "AND (l.classid::bigint << 32 | l.objid::bigint) = 7904109571027969283 "
    "AND l.database = (SELECT oid FROM pg_catalog.pg_database "
    "WHERE datname = pg_catalog.current_database())";

std::string Holder(SchemaSession& session) {
  const auto found = session.Query(kHolder);
  if (!found.ok() || found->empty()) return "another schema tool is at work on this database";
  const NamedRow row(found->front());
  const std::string address = row.Text("address");
  return absl::StrCat("another schema tool is at work on this database: role ", row.Text("role"),
                      address.empty() ? "" : absl::StrCat(" from ", address), ", process ",
                      row.Text("pid"), ", since ", row.Number("seconds"), " s");
}

}  // namespace

absl::StatusOr<std::unique_ptr<SchemaLock>> SchemaLock::Take(
    const std::string& conninfo, std::chrono::milliseconds wait, std::chrono::milliseconds poll,
    const std::function<void(const std::string&)>& tell) {
  const auto end = std::chrono::steady_clock::now() + wait;
  auto session = SchemaSession::Connect(conninfo);
  if (!session.ok()) return session.status();
  bool told = false;
  while (true) {
    absl::Status status = (*session)->Execute("BEGIN ISOLATION LEVEL READ COMMITTED");
    if (!status.ok()) return status;
    // The transaction is idle while steps are done, whatever limit the role has.
    status = (*session)->Execute("SET LOCAL idle_in_transaction_session_timeout = 0");
    if (!status.ok()) return status;
    const auto taken = (*session)->Query(kTry);
    if (!taken.ok()) return taken.status();
    if (NamedRow(taken->front()).Flag("taken")) {
      return std::unique_ptr<SchemaLock>(new SchemaLock(*std::move(session)));
    }
    const std::string holder = Holder(**session);
    status = (*session)->Execute("ROLLBACK");
    if (!status.ok()) return status;
    if (std::chrono::steady_clock::now() + poll > end) {
      return absl::AbortedError(absl::StrCat(holder, "; try again later"));
    }
    if (!told) tell(absl::StrCat(holder, "; waiting for it"));
    told = true;
    std::this_thread::sleep_for(poll);
  }
}

absl::StatusOr<pqxx::result> SchemaLock::Query(const std::string& text,
                                               const std::vector<std::string>& parameters) {
  absl::MutexLock lock(&mutex_);
  return session_->Query(text, parameters);
}

absl::Status SchemaLock::Check() {
  if (Query("SELECT 1").ok()) return absl::OkStatus();
  return absl::AbortedError(
      "the connection that held the lock is lost, so that another tool may be at work: stopped. "
      "The steps that were done stay; run apply again");
}

}  // namespace dataservice::schema
