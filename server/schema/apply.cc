#include "schema/apply.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema/catalog.h"
#include "schema/ddl.h"
#include "schema/difference.h"

namespace dataservice {
namespace {

// One applier at a time. A transaction's lock, tried and never waited for: the
// session's would pin RDS Proxy's connection. The number is ours alone: the
// first 63 bits of SHA-256 of "dataservice schema".
constexpr char kLock[] = "SELECT pg_catalog.pg_try_advisory_xact_lock(7904109571027969283)";

absl::Status RunAll(SchemaSession& session, const std::vector<std::string>& statements) {
  for (const std::string& statement : statements) {
    absl::Status status = session.Execute(statement);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckEncoding(SchemaSession& session) {
  const auto encoding = session.Query("SELECT pg_catalog.current_setting('server_encoding')");
  if (!encoding.ok()) return encoding.status();
  const std::string name = (*encoding)[0][0].c_str();
  if (name == "UTF8") return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("the database's encoding is ", name, "; it must be UTF8"));
}

// Within the transaction and under the lock.
absl::StatusOr<std::string> ApplyLocked(SchemaSession& session, const SchemaModel& model,
                                        const SchemaRoles& roles) {
  const auto actual = ModelOfCatalog(session, model);
  if (!actual.ok()) return actual.status();
  std::string done;
  if (actual->tables.empty()) {
    absl::Status status = RunAll(session, CreateStatements(model));
    if (!status.ok()) return status;
    done = absl::StrCat("created ", model.tables.size(), " tables\n");
  } else {
    const Differences differences = Compare(model, *actual);
    if (!differences.wrong.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the database has another schema than the contract:\n  ",
                       absl::StrJoin(differences.wrong, "\n  ")));
    }
    for (const std::string& extra : differences.extra)
      absl::StrAppend(&done, "note: ", extra, "\n");
  }
  const auto missing = MissingRights(session, model, roles);
  if (!missing.ok()) return missing.status();
  if (!missing->empty()) {
    absl::Status status = RunAll(session, GrantStatements(model, roles));
    if (!status.ok()) return status;
    absl::StrAppend(&done, "granted the rights of the roles\n");
  } else if (!actual->tables.empty()) {
    absl::StrAppend(&done, "the database agrees with the contract: nothing to do\n");
  }
  return done;
}

}  // namespace

absl::StatusOr<std::string> Apply(SchemaSession& session, const SchemaModel& model,
                                  const SchemaRoles& roles) {
  absl::Status status = CheckEncoding(session);
  if (!status.ok()) return status;
  status = session.Execute("BEGIN");
  if (!status.ok()) return status;
  const auto locked = session.Query(kLock);
  absl::StatusOr<std::string> done;
  if (!locked.ok()) {
    done = locked.status();
  } else if (!(*locked)[0][0].as<bool>()) {
    done = absl::AbortedError("another schema tool is at work on this database; try again later");
  } else {
    done = ApplyLocked(session, model, roles);
  }
  status = session.Execute(done.ok() ? "COMMIT" : "ROLLBACK");
  if (done.ok() && !status.ok()) return status;
  return done;
}

}  // namespace dataservice
