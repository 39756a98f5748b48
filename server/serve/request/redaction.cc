#include "serve/request/redaction.h"

#include "log.h"
#include "serve/errors/errors.h"

namespace dataservice {

absl::Status RedactMessage(const Access& access, const google::protobuf::Descriptor& type,
                           std::string& message) {
  if (access.redactor().Redact(type, message)) return absl::OkStatus();
  const std::string id = NewLogId();
  LogError("response_not_redacted", {{"id", id}, {"message", type.full_name()}});
  return Internal(id);
}

WrittenFields FieldsOf(const FieldSelection* selection, const Access& access) {
  return {selection, access.hidden().empty() ? nullptr : &access.hidden()};
}

}  // namespace dataservice
