// The schema tool's connection.
#pragma once

#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "postgres/sqlstate.h"

namespace dataservice {

// Error messages contain PostgreSQL's own text, because the database team uses the tool.
// Not thread-safe.
class SchemaSession {
 public:
  // UNAVAILABLE if no connection can be opened.
  static absl::StatusOr<std::unique_ptr<SchemaSession>> Connect(const std::string& conninfo);

  // One statement outside of any transaction, or inside the one that an earlier
  // BEGIN began. UNAVAILABLE if the connection is lost, else FAILED_PRECONDITION with what
  // KindOfFailure() reads.
  absl::StatusOr<pqxx::result> Query(const std::string& text,
                                     const std::vector<std::string>& parameters = {});
  absl::Status Execute(const std::string& text);
  // The only value of a query that returns one row of one column. As text, NULL is empty; as
  // a number, it is 0.
  absl::StatusOr<std::string> QueryText(const std::string& text,
                                        const std::vector<std::string>& parameters = {});
  absl::StatusOr<long long> QueryNumber(const std::string& text);

 private:
  explicit SchemaSession(std::unique_ptr<pqxx::connection> connection)
      : connection_(std::move(connection)) {}

  std::unique_ptr<pqxx::connection> connection_;
};

// A parameter of type text[].
std::string TextArray(const std::vector<std::string>& values);

// The kind of error that PostgreSQL reported; kOther for a status that is no such error.
SqlErrorKind KindOfFailure(const absl::Status& status);

}  // namespace dataservice
