#include "dataservice/client/modify.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/field_comparator.h>
#include <google/protobuf/util/message_differencer.h>

#include <string>

#include "dataservice/client/errors.h"
#include "dataservice/client/retry.h"

namespace dataservice::client::internal {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;

// How often a row is read and written at most, and the pauses between: other writers are fast.
const Retry& Pauses() {
  static const Retry pauses{10, absl::Milliseconds(5), absl::Seconds(1)};
  return pauses;
}

bool Differ(const Message& before, const Message& after, const FieldDescriptor* field) {
  google::protobuf::util::DefaultFieldComparator comparator;
  comparator.set_treat_nan_as_equal(true);
  google::protobuf::util::MessageDifferencer differencer;
  differencer.set_field_comparator(&comparator);
  return !differencer.CompareWithFields(before, after, {field}, {field});
}

// Leaves in `part`, a copy of `after`, the fields that differ, and the key and the version of
// `before`. Returns the names of the fields that differ.
absl::StatusOr<FieldMask> Difference(const ResourceFields& fields, const Message& before,
                                     const Message& after, Message& part) {
  FieldMask mask;
  const google::protobuf::Descriptor& type = *before.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const bool differs = Differ(before, after, field);
    if (field->name() == fields.etag) {
      const std::string etag = before.GetReflection()->GetString(before, field);
      part.GetReflection()->SetString(&part, field, etag);
    } else if (field->name() == fields.key) {
      if (!differs) continue;
      return absl::InvalidArgumentError(
          absl::StrCat(type.full_name(), ": the key ", fields.key, " cannot be changed"));
    } else if (differs) {
      mask.add_paths(field->name());
    } else {
      part.GetReflection()->ClearField(&part, field);
    }
  }
  return mask;
}

}  // namespace

absl::Status ModifyMessage(
    const Connection& connection, const ResourceFields& fields, const CallOptions& options,
    Message& row, Message& changed, Message& part,
    absl::FunctionRef<absl::Status(const CallOptions&)> read,
    absl::FunctionRef<absl::Status()> change,
    absl::FunctionRef<absl::Status(const FieldMask&, const CallOptions&)> write) {
  const absl::Time deadline = absl::Now() + options.deadline.value_or(connection.deadline);
  CallOptions call = options;
  for (int attempt = 1;; ++attempt) {
    call.deadline = deadline - absl::Now();
    if (absl::Status status = read(call); !status.ok()) return status;
    changed.CopyFrom(row);
    if (absl::Status status = change(); !status.ok()) return status;
    part.CopyFrom(changed);
    const absl::StatusOr<FieldMask> mask = Difference(fields, row, changed, part);
    if (!mask.ok()) return mask.status();
    if (mask->paths().empty()) return absl::OkStatus();
    call.deadline = deadline - absl::Now();
    absl::Status written = write(*mask, call);
    if (written.ok() || !ErrorAs<VersionMismatch>(written)) return written;
    const absl::Duration pause = Pause(Pauses(), attempt);
    if (!WaitForAttempt(Pauses(), attempt, pause, deadline, options.cancellation)) return written;
  }
}

}  // namespace dataservice::client::internal
