#include "schema/apply/apply.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "schema/apply/progress.h"
#include "schema/apply/proofs.h"
#include "schema/apply/rights.h"
#include "schema/apply/schema_lock.h"
#include "schema/model/catalog.h"
#include "schema/model/ddl.h"
#include "schema/model/digest.h"
#include "schema/model/surroundings.h"
#include "schema/plan/difference.h"
#include "schema/plan/permissions.h"

namespace dataservice::schema {
namespace {

absl::Status CheckEncoding(SchemaSession& session) {
  const auto encoding = session.QueryText("SELECT pg_catalog.current_setting('server_encoding')");
  if (!encoding.ok()) return encoding.status();
  if (*encoding == "UTF8") return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the database's encoding is ", *encoding, "; it must be UTF8"));
}

std::string DigestOf(const SchemaModel& model) { return ShortDigest(DdlScript(model, {})); }

class Applier {
 public:
  Applier(SchemaSession& session, SchemaLock& lock, const SchemaModel& model,
          const SchemaRoles& roles, const ApplySettings& settings,
          const std::function<void(const std::string&)>& tell)
      : session_(session),
        lock_(lock),
        model_(model),
        roles_(roles),
        settings_(settings),
        tell_(tell),
        runner_(
            session, settings.steps, DigestOf(model), [&lock] { return lock.Check(); }, tell) {}

  absl::StatusOr<std::string> Run() {
    // Rights are compared for existing tables only, and default privileges grant some for new
    // tables. So the plan is made again until no step is left.
    size_t done = 0;
    for (int round = 0; round < 3; ++round) {
      const auto plan = PlanForDatabase(session_, model_, roles_);
      if (!plan.ok()) return plan.status();
      const std::vector<std::string> objections = Objections(*plan, settings_.allowed);
      if (!objections.empty()) {
        return absl::FailedPreconditionError(absl::StrCat("nothing was changed",
                                                          done > 0 ? " any more" : "", ":\n  ",
                                                          absl::StrJoin(objections, "\n  ")));
      }
      std::vector<std::string> names = NamesToDo(plan->plan.steps);
      if (names == last_) return Summary(*plan, done);
      last_ = std::move(names);
      absl::Status status = RunSteps(plan->plan.steps, done);
      if (!status.ok()) return status;
      if (last_.empty()) return Summary(*plan, done);
    }
    return absl::InternalError("the plan does not come to an end: the database changes meanwhile");
  }

 private:
  // The steps that this run does.
  std::vector<std::string> NamesToDo(const std::vector<Step>& steps) {
    std::vector<std::string> out;
    for (const Step& step : steps) {
      known_.insert(step.name);
      if (!IsLeftOut(step, settings_.allowed)) out.push_back(step.name);
    }
    return out;
  }

  absl::Status RunSteps(const std::vector<Step>& steps, size_t& done) {
    for (const Step& step : steps) {
      if (IsLeftOut(step, settings_.allowed)) continue;
      if (settings_.before_step) {
        absl::Status status = settings_.before_step(step);
        if (!status.ok()) return status;
      }
      tell_(step.name);
      absl::StatusOr<std::string> pid = ProcessOf(step);
      if (!pid.ok()) return pid.status();
      Progress progress(lock_, step.name,
                        {.interval = settings_.progress,
                         .pid = *std::move(pid),
                         .patience = settings_.steps.retry_for},
                        tell_);
      absl::Status status = runner_.Run(step);
      const std::string holders = progress.Stop();
      if (!status.ok() && !holders.empty()) {
        status = absl::AbortedError(absl::StrCat(
            "waited ", absl::FormatDuration(absl::FromChrono(settings_.steps.retry_for)), " for ",
            holders,
            ": an index is made or dropped when all transactions that are older have ended. End "
            "them, or wait for them, and run apply again: it drops what is unfinished"));
      }
      if (!status.ok()) {
        return absl::Status(status.code(), absl::StrCat(step.name, ": ", status.message()));
      }
      ++done;
    }
    return absl::OkStatus();
  }

  // The process that does the step, if its first statement has no time limit; else empty.
  absl::StatusOr<std::string> ProcessOf(const Step& step) {
    if (!step.alone) return "";
    return session_.QueryText("SELECT pg_catalog.pg_backend_pid()");
  }

  std::string Summary(const DatabasePlan& plan, size_t done) const {
    std::string out;
    for (const std::string& extra : plan.extra) absl::StrAppend(&out, "note: ", extra, "\n");
    for (const std::string& problem : plan.problems) {
      absl::StrAppend(&out, "warning: ", problem, "\n");
    }
    for (const std::string& name : settings_.allowed) {
      if (!known_.contains(name)) {
        absl::StrAppend(&out, "note: --allow ", name, ": no step has this name\n");
      }
    }
    // A step that was done and is in the plan again: another role or a group grants the right.
    for (const std::string& name : last_) {
      absl::StrAppend(&out, "warning: ", name, " had no effect, or not all of it\n");
    }
    for (const Step& step : plan.plan.steps) {
      if (!IsLeftOut(step, settings_.allowed)) continue;
      absl::StrAppend(&out, "left: ", step.name, " (", LeftOutText(step), ")\n");
    }
    absl::StrAppend(&out, done == 0 ? "the database agrees with the contract: nothing to do\n"
                                    : absl::StrCat("done: ", done, " steps\n"));
    return out;
  }

  SchemaSession& session_;
  SchemaLock& lock_;
  const SchemaModel& model_;
  const SchemaRoles& roles_;
  const ApplySettings& settings_;
  const std::function<void(const std::string&)>& tell_;
  StepRunner runner_;
  std::vector<std::string> last_;  // the steps of the previous round
  std::set<std::string> known_;    // names of all steps of all rounds
};

}  // namespace

absl::StatusOr<DatabasePlan> PlanForDatabase(SchemaSession& session, const SchemaModel& model,
                                             const SchemaRoles& roles) {
  absl::Status status = CheckEncoding(session);
  if (!status.ok()) return status;
  const auto actual = ModelOfCatalog(session, model);
  if (!actual.ok()) return actual.status();
  const auto surroundings = SurroundingsOf(session, model, *actual, DigestOf(model));
  if (!surroundings.ok()) return surroundings.status();
  DatabasePlan out{.plan = MakePlan(model, *actual, *surroundings)};
  status = ResolveProofs(session, out.plan.steps);
  if (!status.ok()) return status;
  out.extra = Compare(model, *actual).extra;
  auto rights = CompareRights(session, model, *actual, roles);
  if (!rights.ok()) return rights.status();
  std::move(rights->steps.begin(), rights->steps.end(), std::back_inserter(out.plan.steps));
  out.problems = std::move(rights->problems);
  auto violations = FindRowViolations(session, out.plan.steps);
  if (!violations.ok()) return violations.status();
  out.violations = *std::move(violations);
  return out;
}

std::vector<std::string> Objections(const DatabasePlan& plan,
                                    const std::set<std::string>& allowed) {
  std::vector<std::string> out = PlanObjections(plan.plan, allowed);
  for (const RowViolation& violation : plan.violations) {
    out.push_back(RowViolationText(violation));
  }
  return out;
}

absl::StatusOr<std::string> Apply(const std::string& conninfo, const SchemaModel& model,
                                  const SchemaRoles& roles, const ApplySettings& settings,
                                  const std::function<void(const std::string&)>& tell) {
  const auto lock = SchemaLock::Take(conninfo, settings.wait, settings.poll, tell);
  if (!lock.ok()) return lock.status();
  const auto session = SchemaSession::Connect(conninfo);
  if (!session.ok()) return session.status();
  return Applier(**session, **lock, model, roles, settings, tell).Run();
}

}  // namespace dataservice::schema
