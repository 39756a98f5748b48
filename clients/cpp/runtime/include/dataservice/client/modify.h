#ifndef DATASERVICE_CLIENT_MODIFY_H_
#define DATASERVICE_CLIENT_MODIFY_H_

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/message.h>

#include <type_traits>
#include <utility>

#include "dataservice/client/attempts.h"

namespace dataservice::client {

// The fields of a resource that have a role.
struct ResourceFields {
  // The field with the key.
  const char* key;
  // The field with the version.
  const char* etag;
};

namespace internal {
absl::Status ModifyMessage(
    const Connection& connection, const ResourceFields& fields, const CallOptions& options,
    google::protobuf::Message& row, google::protobuf::Message& changed,
    google::protobuf::Message& part, absl::FunctionRef<absl::Status(const CallOptions&)> read,
    absl::FunctionRef<absl::Status()> change,
    absl::FunctionRef<absl::Status(const google::protobuf::FieldMask&, const CallOptions&)> write);
}  // namespace internal

// Reads a row, calls change with it, and writes the fields that it has changed, if the row still
// has the version that was read. Starts again, at most ten times, if another client has changed
// the row meanwhile. If change returns an error, or changes nothing, nothing is written. Returns
// the row as it is then.
template <class Row>
absl::StatusOr<Row> Modify(const Connection& connection, const ResourceFields& fields,
                           const CallOptions& options,
                           absl::FunctionRef<absl::StatusOr<Row>(const CallOptions&)> read,
                           absl::FunctionRef<absl::StatusOr<Row>(
                               const Row&, const google::protobuf::FieldMask&, const CallOptions&)>
                               write,
                           absl::FunctionRef<absl::Status(Row&)> change) {
  Row row, changed, part;
  const auto keep = [&row](absl::StatusOr<Row> result) {
    if (result.ok()) row = *std::move(result);
    return result.status();
  };
  absl::Status status = internal::ModifyMessage(
      connection, fields, options, row, changed, part,
      [&](const CallOptions& call) { return keep(read(call)); }, [&] { return change(changed); },
      [&](const google::protobuf::FieldMask& mask, const CallOptions& call) {
        return keep(write(part, mask, call));
      });
  if (!status.ok()) return status;
  return row;
}

// Calls a function that changes a row, and returns nothing or an absl::Status.
template <class Row, class Change>
absl::Status Apply(Change& change, Row& row) {
  if constexpr (std::is_void_v<std::invoke_result_t<Change&, Row&>>) {
    change(row);
    return absl::OkStatus();
  } else {
    return change(row);
  }
}

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_MODIFY_H_
