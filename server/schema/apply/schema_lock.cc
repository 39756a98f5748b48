#include "schema/apply/schema_lock.h"

#include <thread>

#include "absl/strings/str_cat.h"

namespace dataservice::schema {
namespace {

// The number is ours alone: the first 63 bits of SHA-256 of "dataservice schema".
constexpr char kTry[] = "SELECT pg_catalog.pg_try_advisory_xact_lock(7904109571027969283)";

constexpr char kHolder[] =
    "SELECT coalesce(a.usename, '?'), coalesce(a.application_name, ''), "
    "coalesce(host(a.client_addr), ''), l.pid, "
    "coalesce(extract(epoch FROM now() - a.xact_start)::bigint, 0) "
    "FROM pg_catalog.pg_locks AS l LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
    "AND (l.classid::bigint << 32 | l.objid::bigint) = 7904109571027969283 "
    "AND l.database = (SELECT oid FROM pg_catalog.pg_database "
    "WHERE datname = pg_catalog.current_database())";

std::string Holder(SchemaSession& session) {
  const auto found = session.Query(kHolder);
  if (!found.ok() || found->empty()) return "another schema tool is at work on this database";
  const auto row = (*found)[0];
  return absl::StrCat("another schema tool is at work on this database: role ", row[0].c_str(),
                      row[2].size() == 0 ? "" : absl::StrCat(" from ", row[2].c_str()),
                      ", process ", row[3].c_str(), ", since ", row[4].c_str(), " s");
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
    // The transaction is idle while its steps are done; the role's limit is for others.
    status = (*session)->Execute("SET LOCAL idle_in_transaction_session_timeout = 0");
    if (!status.ok()) return status;
    const auto taken = (*session)->Query(kTry);
    if (!taken.ok()) return taken.status();
    if ((*taken)[0][0].as<bool>()) {
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
      "What was done so far stays; run apply again");
}

}  // namespace dataservice::schema
