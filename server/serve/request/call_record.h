// The audit record of a call.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "contract/method.h"
#include "serve/audit/audit_log.h"
#include "serve/execution/operation.h"
#include "serve/request/request_context.h"

namespace dataservice {

// What is known of a call before it is carried out. Records nothing if there is no audit log.
// Immutable; thread-safe.
class CallRecord {
 public:
  CallRecord() = default;
  // `method` outlives it, and so does the call's metadata.
  CallRecord(const Method& method, const RequestContext& context);

  // Records the result of the call: that of a write with the keys of the operation, which is null
  // if none was made; of another call only that it was denied.
  void Add(const absl::Status& status, const Operation* operation) const;
  // Records the result of an import.
  void AddImport(const absl::Status& status, int64_t imported, int64_t failed) const;

 private:
  // Nothing if the result is not recorded.
  std::optional<AuditRecord> RecordOf(const absl::Status& status) const;

  const Method* method_ = nullptr;
  AuditLog* audit_ = nullptr;
  CallerPtr caller_;
  std::string_view request_id_;
};

}  // namespace dataservice
