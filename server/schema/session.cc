#include "schema/session.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "database/conninfo.h"

namespace dataservice {

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
    return work.exec_params(text, pqxx::prepare::make_dynamic_params(parameters));
  } catch (const std::exception& e) {
    return absl::FailedPreconditionError(
        absl::StrCat(absl::StripAsciiWhitespace(e.what()), "\nin: ", text));
  }
}

absl::Status SchemaSession::Execute(const std::string& text) { return Query(text).status(); }

}  // namespace dataservice
