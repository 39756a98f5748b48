#include "postgres/session.h"

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "postgres/conninfo.h"
#include "postgres/literals.h"
#include "postgres/sqlstate.h"

namespace dataservice {
namespace {

constexpr absl::string_view kSqlState = "sqlstate";

absl::Status Failure(const std::exception& error, const std::string& text, std::string state) {
  absl::Status status = absl::FailedPreconditionError(
      absl::StrCat(absl::StripAsciiWhitespace(error.what()), "\nin: ", text));
  status.SetPayload(kSqlState, absl::Cord(std::move(state)));
  return status;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SchemaSession>> SchemaSession::Connect(const std::string& conninfo) {
  const auto completed = CompleteConnInfo(conninfo, "dataservice-schema");
  if (!completed.ok()) return completed.status();
  try {
    return std::unique_ptr<SchemaSession>(
        new SchemaSession(std::make_unique<pqxx::connection>(*completed)));
  } catch (const std::exception& e) {
    return absl::UnavailableError(
        absl::StrCat("cannot connect: ", absl::StripAsciiWhitespace(e.what())));
  }
}

absl::StatusOr<pqxx::result> SchemaSession::Query(const std::string& text,
                                                  const std::vector<std::string>& parameters) {
  try {
    pqxx::nontransaction work(*connection_);
    // The simple protocol where it can be: after the extended one an unnamed portal
    // stays with its snapshot until the next statement, and CREATE INDEX CONCURRENTLY
    // would wait for the open transaction of the lock's session for ever.
    if (parameters.empty()) return work.exec(text);
    return work.exec_params(text, pqxx::prepare::make_dynamic_params(parameters));
  } catch (const pqxx::broken_connection& e) {
    return absl::UnavailableError(
        absl::StrCat("the connection was lost: ", absl::StripAsciiWhitespace(e.what())));
  } catch (const pqxx::deadlock_detected& e) {
    return Failure(e, text, std::string(sqlstate::kDeadlockDetected));
  } catch (const pqxx::serialization_failure& e) {
    return Failure(e, text, std::string(sqlstate::kSerializationFailure));
  } catch (const pqxx::sql_error& e) {
    return Failure(e, text, e.sqlstate());
  } catch (const std::exception& e) {
    return Failure(e, text, "");
  }
}

std::string SqlStateOf(const absl::Status& status) {
  const auto state = status.GetPayload(kSqlState);
  return state ? std::string(*state) : std::string();
}

absl::Status SchemaSession::Execute(const std::string& text) { return Query(text).status(); }

std::string TextArray(const std::vector<std::string>& values) {
  std::string out;
  ArrayLiteral array(out, true);
  for (const std::string& value : values) array.Add(value);
  array.Finish();
  return out;
}

}  // namespace dataservice
