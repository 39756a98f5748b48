#include "schema/step_runner.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema/history_table.h"
#include "schema/version.h"
#include "sql/text.h"

namespace dataservice {
namespace {

// Nothing of the step was done: it waited too long, or was a deadlock's victim.
bool MayBeTriedAgain(const absl::Status& status) {
  const std::string state = SqlStateOf(status);
  return state == "55P03" || state == "40P01" || state == "40001";
}

// Who works on tables of the schema, for people.
constexpr char kHolders[] =
    "SELECT string_agg(DISTINCT format('process %s of role %s (%s)', l.pid, "
    "coalesce(a.usename, '?'), coalesce(nullif(a.application_name, ''), 'no name')), ', ') "
    "FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_class AS c ON c.oid = l.relation "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid "
    "WHERE l.granted AND n.nspname = $1 AND l.pid <> pg_catalog.pg_backend_pid() AND l.database = "
    "(SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

std::string Holders(SchemaSession& session, const std::string& schema) {
  const auto found = session.Query(kHolders, {schema});
  if (!found.ok() || found->empty() || (*found)[0][0].is_null())
    return "nobody is seen with it now";
  return absl::StrCat("tables of ", schema, " are locked by ", (*found)[0][0].c_str());
}

}  // namespace

StepRunner::StepRunner(SchemaSession& session, StepRunnerSettings settings, std::string digest,
                       std::function<void(const std::string&)> tell)
    : session_(session), settings_(settings), digest_(std::move(digest)), tell_(std::move(tell)) {}

absl::Status StepRunner::Run(const Step& step) {
  const auto end = std::chrono::steady_clock::now() + settings_.retry_for;
  auto pause = settings_.pause;
  while (true) {
    const absl::Status status = Try(step);
    if (status.ok() || !MayBeTriedAgain(status)) return status;
    const std::string holders = Holders(session_, step.schema);
    if (std::chrono::steady_clock::now() + pause > end) {
      return absl::AbortedError(absl::StrCat(step.name, ": no lock to be had within ",
                                             settings_.retry_for.count(), " ms; ", holders,
                                             ". What was done so far stays; run apply again"));
    }
    tell_(absl::StrCat(step.name, ": no lock yet, trying again in ", pause.count(), " ms; ",
                       holders));
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, settings_.max_pause);
  }
}

absl::Status StepRunner::Try(const Step& step) {
  if (!step.alone) return Transaction(step, 0);
  absl::Status status = session_.Execute(step.sql.front());
  if (!status.ok()) {
    // If even this fails, the next plan begins with it.
    if (!step.undo.empty()) session_.Execute(step.undo).IgnoreError();
    return status;
  }
  return Transaction(step, 1);
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

}  // namespace dataservice
