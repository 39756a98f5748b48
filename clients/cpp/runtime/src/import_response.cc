#include "dataservice/client/import_response.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/descriptor.h>

#include "dataservice/client/failure.h"

namespace dataservice::client {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Returns a field of a message; null if it has none of this name.
const FieldDescriptor* Field(const Message& message, const char* name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

int64_t Integer(const Message& message, const FieldDescriptor* field) {
  return field->cpp_type() == FieldDescriptor::CPPTYPE_INT32
             ? message.GetReflection()->GetInt32(message, field)
             : message.GetReflection()->GetInt64(message, field);
}

absl::Status NotOfAnImport(const Message& message) {
  return absl::InternalError(
      absl::StrCat(message.GetDescriptor()->full_name(), " is not of the response of an import"));
}

absl::StatusOr<ImportFailure> ReadImportFailure(const std::string& method, const Message& failure,
                                                const ImportFields& fields, int64_t sent) {
  const FieldDescriptor* position = Field(failure, fields.position);
  const FieldDescriptor* status = Field(failure, fields.status);
  google::rpc::Status read;
  if (position == nullptr || status == nullptr ||
      !read.ParseFromString(
          failure.GetReflection()->GetMessage(failure, status).SerializeAsString())) {
    return NotOfAnImport(failure);
  }
  const int64_t row = Integer(failure, position);
  if (row < 0 || row >= sent) {
    return absl::InternalError("the response of the import names a row that was not sent");
  }
  return ImportFailure{row, ToStatus(ReadFailure(method, "", read), /*in_doubt=*/false)};
}

}  // namespace

absl::StatusOr<ImportResponse> ReadImportResponse(const std::string& method,
                                                  const Message& response,
                                                  const ImportFields& fields, int64_t sent) {
  const FieldDescriptor* failed = Field(response, fields.failed);
  const FieldDescriptor* failures = Field(response, fields.failures);
  if (failed == nullptr || failures == nullptr) return NotOfAnImport(response);
  ImportResponse result{{}, sent};
  const google::protobuf::Reflection& reflection = *response.GetReflection();
  for (int i = 0; i < reflection.FieldSize(response, failures); ++i) {
    absl::StatusOr<ImportFailure> failure = ReadImportFailure(
        method, reflection.GetRepeatedMessage(response, failures, i), fields, sent);
    if (!failure.ok()) return failure.status();
    result.failures.push_back(*std::move(failure));
  }
  const auto listed = static_cast<int64_t>(result.failures.size());
  if (listed > 0 && listed < Integer(response, failed)) {
    result.done = result.failures.back().position + 1;
  }
  return result;
}

}  // namespace dataservice::client
