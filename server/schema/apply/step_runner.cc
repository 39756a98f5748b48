#include "schema/apply/step_runner.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "postgres/text.h"
#include "schema/apply/holders.h"
#include "schema/apply/version.h"
#include "schema/model/history_table.h"

namespace dataservice::schema {
namespace {

// Whether the step was rolled back because of a lock or a deadlock.
bool MayBeTriedAgain(const absl::Status& status) {
  const SqlErrorKind kind = KindOfFailure(status);
  return kind == SqlErrorKind::kLocked || kind == SqlErrorKind::kRolledBack;
}

// The processes that hold locks on tables of a schema.
constexpr char kHolders[] =
    " FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_class AS c ON c.oid = l.relation "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid "
    "WHERE l.granted AND n.nspname = $1 AND l.pid <> pg_catalog.pg_backend_pid() AND l.database = "
    "(SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

std::string Holders(SchemaSession& session, const std::string& schema) {
  const auto found = session.QueryText(
      absl::StrCat("SELECT string_agg(DISTINCT ", kProcessText, ", ', ')", kHolders), {schema});
  if (!found.ok() || found->empty()) return "no process holds such a lock now";
  return absl::StrCat("tables of ", schema, " are locked by ", *found);
}

std::string Text(std::chrono::milliseconds duration) {
  return absl::FormatDuration(absl::FromChrono(duration));
}

}  // namespace

StepRunner::StepRunner(SchemaSession& session, StepRunnerSettings settings, std::string digest,
                       std::function<absl::Status()> holds_lock,
                       std::function<void(const std::string&)> tell)
    : session_(session),
      settings_(settings),
      digest_(std::move(digest)),
      holds_lock_(std::move(holds_lock)),
      tell_(std::move(tell)) {}

absl::Status StepRunner::Run(const Step& step) {
  const auto end = std::chrono::steady_clock::now() + settings_.retry_for;
  auto pause = settings_.pause;
  bool made = false;
  while (true) {
    absl::Status status = holds_lock_();
    if (!status.ok()) return status;
    status = Try(step, made);
    if (status.ok() || !MayBeTriedAgain(status)) return status;
    const std::string holders = Holders(session_, step.schema);
    if (std::chrono::steady_clock::now() + pause > end) {
      return absl::AbortedError(absl::StrCat("no lock within ", Text(settings_.retry_for), "; ",
                                             holders,
                                             ". The steps that were done stay; run apply again"));
    }
    tell_(absl::StrCat(step.name, ": no lock yet, trying again in ", Text(pause), "; ", holders));
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, settings_.max_pause);
  }
}

absl::Status StepRunner::Try(const Step& step, bool& made) {
  if (!step.alone) return Transaction(step, 0);
  if (!made) {
    absl::Status status = ClearUp(step);
    if (!status.ok()) return status;
    status = session_.Execute(step.sql.front());
    if (!status.ok()) {
      // If this fails too, the next try or the next plan drops the index. A statement that was
      // cancelled because it waited for others would wait for them again, so nothing is dropped.
      if (KindOfFailure(status) != SqlErrorKind::kTimedOut) ClearUp(step).IgnoreError();
      return status;
    }
    made = true;
  }
  return Transaction(step, 1);
}

absl::Status StepRunner::ClearUp(const Step& step) {
  if (step.index.empty()) return absl::OkStatus();
  const auto left = session_.Query(
      "SELECT FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass($1) "
      "AND indrelid = pg_catalog.to_regclass($2) AND NOT indisvalid",
      {step.index, step.table});
  if (!left.ok() || left->empty()) return left.status();
  return session_.Execute(absl::StrCat("DROP INDEX CONCURRENTLY ", step.index));
}

absl::Status StepRunner::CheckGuard(const Step& step) {
  absl::Status status =
      session_.Execute(absl::StrCat("LOCK TABLE ", step.table, " IN ACCESS EXCLUSIVE MODE"));
  if (!status.ok()) return status;
  const auto rows = session_.QueryNumber(step.guard);
  if (!rows.ok()) return rows.status();
  if (*rows == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(*rows, " rows were added to ", step.table,
                   " meanwhile whose values the new type cannot represent"));
}

absl::Status StepRunner::Transaction(const Step& step, size_t first) {
  absl::Status status = session_.Execute("BEGIN");
  if (!status.ok()) return status;
  status = Statements(step, first);
  if (status.ok()) return session_.Execute("COMMIT");
  session_.Execute("ROLLBACK").IgnoreError();
  return status;
}

absl::Status StepRunner::Statements(const Step& step, size_t first) {
  absl::Status status =
      session_.Execute(absl::StrCat("SET LOCAL lock_timeout = ", settings_.lock_timeout.count()));
  // A step may take longer than the role's own limit.
  if (status.ok()) status = session_.Execute("SET LOCAL statement_timeout = 0");
  if (status.ok() && !step.guard.empty()) status = CheckGuard(step);
  for (size_t i = first; status.ok() && i < step.sql.size(); ++i) {
    status = session_.Execute(step.sql[i]);
  }
  return status.ok() ? AddHistory(step) : status;
}

absl::Status StepRunner::AddHistory(const Step& step) {
  return session_
      .Query(absl::StrCat("INSERT INTO ", Identifier(step.schema), ".", View(kHistoryTable),
                          " (tool_version, contract_digest, step, sql) VALUES ($1, $2, $3, $4)"),
             {std::string(kToolVersion), digest_, step.name, absl::StrJoin(step.sql, ";\n")})
      .status();
}

}  // namespace dataservice::schema
