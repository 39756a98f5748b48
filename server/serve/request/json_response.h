// Responses as ProtoJSON, for a gateway that serves JSON.
//
// A call asks for it by its metadata:
//   response-json    empty, or the name of the only field of the response whose value is returned
//   response-values  fields of the response, "etag,parent.name", separated by commas, each once;
//                    optional
// The message of its response is then JSON text instead of Protobuf's binary form, and the header
// metadata of the response have the values of these fields as plain text, in their order, each
// under the key response-value-bin.
#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "serve/json/field_selection.h"
#include "serve/json/json_writer.h"
#include "serve/request/request_context.h"

namespace dataservice {

// The key of the header metadata.
inline constexpr char kResponseValueKey[] = "response-value-bin";

// What a call asks for.
struct JsonResponse {
  const google::protobuf::FieldDescriptor* part = nullptr;  // null: the message
  // Fields that lead to a scalar each.
  std::vector<std::vector<const google::protobuf::FieldDescriptor*>> values;
};

// Reads the metadata of a call whose response is a `response`. No value if it does not ask for
// JSON; INVALID_ARGUMENT if it names a field that does not exist or is no scalar, or one twice.
absl::StatusOr<std::optional<JsonResponse>> ReadJsonResponse(
    const RequestContext& context, const google::protobuf::Descriptor& response);

// Replaces the binary form `message` by JSON, and appends the values of the fields to `values`.
// INTERNAL, with the reason in the log, if the message has no JSON form.
absl::Status WriteJson(const JsonWriter& writer, const JsonResponse& asked,
                       const WrittenFields& fields, std::string& message,
                       std::vector<std::string>& values);

}  // namespace dataservice
