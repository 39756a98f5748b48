#include "serve/request/import_progress.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <memory>

#include "engine_limits.h"
#include "serve/errors/details.h"
#include "serve/errors/errors.h"
#include "serve/request/parse.h"

namespace dataservice {

using google::protobuf::Message;

bool IsOfTheRow(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

void ImportProgress::AddFailure(int64_t position, const absl::Status& status) {
  ++failed_;
  failures_.emplace(position, status);
  if (failures_.size() > kMaxImportFailures) failures_.erase(std::prev(failures_.end()));
}

void ImportProgress::End(const absl::Status& cause, int64_t position, bool in_doubt) {
  if (cause_.ok()) cause_ = cause;
  end_ = std::min(end_, position);
  in_doubt_ = in_doubt_ || in_doubt;
}

void ImportProgress::LeaveOut(int64_t position) { end_ = std::min(end_, position); }

absl::Status ImportProgress::Error() const {
  return ImportEnded(cause_, imported_, failed_, end_, in_doubt_);
}

std::string ImportProgress::Response(const Method& method) const {
  const std::unique_ptr<Message> response(PrototypeOf(*method.descriptor->output_type()).New());
  const auto* reflection = response->GetReflection();
  const auto& fields = std::get<ImportMethod>(method.fields);
  reflection->SetInt64(response.get(), fields.imported_count, imported_);
  reflection->SetInt64(response.get(), fields.failed_count, failed_);
  for (const auto& [position, status] : failures_) {
    Message* failure = reflection->AddMessage(response.get(), fields.failures);
    failure->GetReflection()->SetInt64(failure, fields.failure_position, position);
    failure->GetReflection()
        ->MutableMessage(failure, fields.failure_status)
        ->ParseFromString(ClippedRpcStatus(status, kMaxFailureBytes));
  }
  return response->SerializeAsString();
}

}  // namespace dataservice
