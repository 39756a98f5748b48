#include "postgres/session.h"

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "postgres/conninfo.h"
#include "postgres/literals.h"

namespace dataservice {
namespace {

constexpr absl::string_view kKind = "sql_error_kind";

absl::Status Failure(const std::exception& error, const std::string& text, SqlErrorKind kind) {
  absl::Status status = absl::FailedPreconditionError(
      absl::StrCat(absl::StripAsciiWhitespace(error.what()), "\nin: ", text));
  status.SetPayload(kKind, absl::Cord(absl::StrCat(static_cast<int>(kind))));
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
    // Statements without parameters use the simple protocol. After the extended protocol an unnamed
    // portal keeps its snapshot until the next statement, and CREATE INDEX CONCURRENTLY would wait
    // forever for the open transaction of the lock's session.
    if (parameters.empty()) return work.exec(text);
    return work.exec_params(text, pqxx::prepare::make_dynamic_params(parameters));
  } catch (const pqxx::broken_connection& e) {
    return absl::UnavailableError(
        absl::StrCat("the connection was lost: ", absl::StripAsciiWhitespace(e.what())));
  } catch (const pqxx::deadlock_detected& e) {
    return Failure(e, text, SqlErrorKind::kRolledBack);
  } catch (const pqxx::serialization_failure& e) {
    return Failure(e, text, SqlErrorKind::kRolledBack);
  } catch (const pqxx::sql_error& e) {
    return Failure(e, text, KindOfSqlState(e.sqlstate()));
  } catch (const std::exception& e) {
    return Failure(e, text, SqlErrorKind::kOther);
  }
}

SqlErrorKind KindOfFailure(const absl::Status& status) {
  const auto payload = status.GetPayload(kKind);
  int kind = 0;
  if (!payload || !absl::SimpleAtoi(std::string(*payload), &kind)) return SqlErrorKind::kOther;
  return static_cast<SqlErrorKind>(kind);
}

absl::StatusOr<std::string> SchemaSession::QueryText(const std::string& text,
                                                     const std::vector<std::string>& parameters) {
  const auto found = Query(text, parameters);
  if (!found.ok()) return found.status();
  return std::string(found->at(0).at(0).c_str());
}

absl::StatusOr<long long> SchemaSession::QueryNumber(const std::string& text) {
  const auto found = Query(text);
  if (!found.ok()) return found.status();
  return found->at(0).at(0).as<long long>(0);
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
