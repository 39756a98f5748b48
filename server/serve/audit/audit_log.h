// The audit log: who changed what, and who was refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "serve/identity/caller.h"

namespace dataservice {

enum class AuditKind {
  kWrite,   // a call of a method that can write, whatever came of it
  kDenied,  // a call that was refused for its caller, of any method
};

// One call. The texts outlive the record.
struct AuditRecord {
  AuditKind kind = AuditKind::kWrite;
  CallerPtr caller;
  std::string_view path;      // "/package.Service/Method"
  std::string_view resource;  // full name of the message; empty if it is not known
  std::vector<std::string_view> keys;
  absl::Status status;
  // The call's metadata x-request-id, and the request_id (AIP-155) of the write.
  std::string_view request_id;
  std::string_view claim;
  // Of an import.
  struct Counts {
    int64_t imported = 0;
    int64_t failed = 0;
  };
  std::optional<Counts> counts;
};

// Thread-safe.
class AuditLog {
 public:
  virtual ~AuditLog() = default;
  // Does not block.
  virtual void Add(const AuditRecord& record) = 0;
};

// The kind of the record of a call with that result; nothing if it is not recorded.
std::optional<AuditKind> AuditKindOf(bool can_write, const absl::Status& status);

// The record as one JSON object without a line feed: time, event, method, kind, subject, issuer,
// resource, keys, code, reason, request_id, claim, imported, failed. What is empty is left out.
// No value of a field but the key is in it.
std::string AuditLine(const AuditRecord& record);

}  // namespace dataservice
