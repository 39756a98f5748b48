// The schema tool's connection.
#pragma once

#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dataservice {

// Errors have the database's own messages: the tool's user is the database team.
// Not thread-safe.
class SchemaSession {
 public:
  // UNAVAILABLE if no connection can be made.
  static absl::StatusOr<std::unique_ptr<SchemaSession>> Connect(const std::string& conninfo);

  // One statement outside of any transaction, or inside the one that an earlier
  // BEGIN began. UNAVAILABLE if the connection is lost, else FAILED_PRECONDITION
  // with the state that SqlStateOf returns.
  absl::StatusOr<pqxx::result> Query(const std::string& text,
                                     const std::vector<std::string>& parameters = {});
  absl::Status Execute(const std::string& text);

 private:
  explicit SchemaSession(std::unique_ptr<pqxx::connection> connection)
      : connection_(std::move(connection)) {}

  std::unique_ptr<pqxx::connection> connection_;
};

// A parameter of type text[].
std::string TextArray(const std::vector<std::string>& values);

// The SQLSTATE of a session's error; empty if it has none.
std::string SqlStateOf(const absl::Status& status);

}  // namespace dataservice
