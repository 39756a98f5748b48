#ifndef DATASERVICE_CLIENT_IMPORT_RESPONSE_H_
#define DATASERVICE_CLIENT_IMPORT_RESPONSE_H_

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <string>
#include <vector>

namespace dataservice::client {

// The names of the fields of an import's response.
struct ImportFields {
  // The number of refused rows, and the first of them.
  const char *failed, *failures;
  // Of a refused row: its position in the stream, and its error (google.rpc.Status).
  const char *position, *status;
};

// A row that the service refused.
struct ImportFailure {
  // Its position in the stream, from 0.
  int64_t position;
  absl::Status status;
};

// What a response says of the rows of a stream.
struct ImportResponse {
  std::vector<ImportFailure> failures;
  // The first rows of the stream of which this is known.
  int64_t done;
};

// Reads the response to a stream of `sent` rows. Errors: INTERNAL for one that is not the
// response of an import, or names rows that were not sent.
absl::StatusOr<ImportResponse> ReadImportResponse(const std::string& method,
                                                  const google::protobuf::Message& response,
                                                  const ImportFields& fields, int64_t sent);

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_IMPORT_RESPONSE_H_
