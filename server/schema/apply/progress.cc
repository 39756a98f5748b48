#include "schema/apply/progress.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "postgres/named_row.h"
#include "schema/apply/holders.h"

namespace dataservice::schema {
namespace {

// PostgreSQL manual, 28.4: pg_stat_progress_create_index (12 and newer).
constexpr char kProgress[] =
    "SELECT phase, lockers_done, lockers_total, blocks_done, blocks_total, tuples_done, "
    "tuples_total FROM pg_catalog.pg_stat_progress_create_index "
    "WHERE datname = pg_catalog.current_database()";

// The processes that $1 waits for; 0 stands for a prepared transaction.
constexpr char kBlockers[] =
    " FROM unnest(pg_catalog.pg_blocking_pids($1::integer)) AS l(pid) "
    "LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid";
constexpr char kSince[] =
    " || coalesce(format(', in a transaction for %s s', "
    "extract(epoch FROM clock_timestamp() - a.xact_start)::bigint), '') || "
    "CASE WHEN l.pid = 0 THEN ', a prepared transaction (pg_prepared_xacts)' ELSE '' END";

// Does nothing if the process waits no longer.
constexpr char kCancel[] =
    "SELECT pg_catalog.pg_cancel_backend($1::integer) "
    "WHERE cardinality(pg_catalog.pg_blocking_pids($1::integer)) > 0";

std::string Share(long long done, long long total, const char* of) {
  if (total == 0) return "";
  return absl::StrCat(", ", 100 * done / total, " % of ", total, " ", of);
}

std::string TextOf(const absl::StatusOr<pqxx::result>& found) {
  if (!found.ok()) return "the connection that holds the lock is lost";
  if (found->empty()) return "at work";
  const NamedRow row(found->front());
  return absl::StrCat(
      row.Text("phase"),
      Share(row.Number("lockers_done"), row.Number("lockers_total"), "transactions to wait for"),
      Share(row.Number("blocks_done"), row.Number("blocks_total"), "blocks"),
      Share(row.Number("tuples_done"), row.Number("tuples_total"), "rows"));
}

}  // namespace

Progress::Progress(SchemaLock& lock, std::string step, ProgressSettings settings,
                   std::function<void(const std::string&)> tell)
    : lock_(lock),
      step_(std::move(step)),
      settings_(std::move(settings)),
      tell_(std::move(tell)),
      free_(std::chrono::steady_clock::now()),
      thread_([this] { Watch(); }) {}

Progress::~Progress() { Stop(); }

std::string Progress::Stop() {
  if (thread_.joinable()) {
    done_.Notify();
    thread_.join();
  }
  return cancelled_;
}

void Progress::Watch() {
  while (!done_.WaitForNotificationWithTimeout(absl::FromChrono(settings_.interval))) {
    // Otherwise the lock's transaction would return the same snapshot of statistics each time.
    (void)lock_.Query("SELECT pg_catalog.pg_stat_clear_snapshot()");
    tell_(absl::StrCat(step_, ": ", TextOf(lock_.Query(kProgress))));
    if (!settings_.pid.empty()) WatchWaiting();
  }
}

void Progress::WatchWaiting() {
  const auto now = std::chrono::steady_clock::now();
  const auto found = lock_.Query(
      absl::StrCat("SELECT string_agg(", kProcessText, kSince, ", ', ') AS holders", kBlockers),
      {settings_.pid});
  const std::string holders = found.ok() ? NamedRow(found->front()).Text("holders") : "";
  if (holders.empty()) {
    free_ = now;
    return;
  }
  tell_(absl::StrCat(step_, ": waits for ", holders));
  if (now - free_ < settings_.patience) return;
  const auto cancelled = lock_.Query(kCancel, {settings_.pid});
  if (cancelled.ok() && !cancelled->empty()) cancelled_ = holders;
}

}  // namespace dataservice::schema
