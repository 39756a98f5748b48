#include "schema/progress.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace dataservice {
namespace {

// PostgreSQL manual, 28.4: pg_stat_progress_create_index (12 and newer).
constexpr char kProgress[] =
    "SELECT phase, lockers_done, lockers_total, blocks_done, blocks_total, tuples_done, "
    "tuples_total FROM pg_catalog.pg_stat_progress_create_index "
    "WHERE datname = pg_catalog.current_database()";

std::string Share(const pqxx::row& row, int done, const char* of) {
  const auto total = row[done + 1].as<long long>(0);
  if (total == 0) return "";
  return absl::StrCat(", ", 100 * row[done].as<long long>(0) / total, " % of ", total, " ", of);
}

std::string TextOf(const absl::StatusOr<pqxx::result>& found) {
  if (!found.ok()) return "the connection that holds the lock is lost";
  if (found->empty()) return "at work";
  const auto row = (*found)[0];
  return absl::StrCat(row[0].c_str(), Share(row, 1, "transactions to wait for"),
                      Share(row, 3, "blocks"), Share(row, 5, "rows"));
}

}  // namespace

Progress::Progress(SchemaLock& lock, std::string step, std::chrono::milliseconds interval,
                   std::function<void(const std::string&)> tell)
    : lock_(lock),
      step_(std::move(step)),
      interval_(interval),
      tell_(std::move(tell)),
      thread_([this] { Watch(); }) {}

Progress::~Progress() {
  done_.Notify();
  thread_.join();
}

void Progress::Watch() {
  while (!done_.WaitForNotificationWithTimeout(absl::FromChrono(interval_))) {
    tell_(absl::StrCat(step_, ": ", TextOf(lock_.Query(kProgress))));
  }
}

}  // namespace dataservice
