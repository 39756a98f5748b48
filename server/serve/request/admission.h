// Which calls are served: the one place that decides on unary calls, streams, the calls of
// CallService, custom methods and reflection.
#pragma once

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "serve/audit/audit_log.h"
#include "serve/identity/authenticator.h"
#include "serve/policy/policy_file.h"
#include "serve/request/request_context.h"

namespace dataservice {

// Immutable; thread-safe.
class Admitter {
 public:
  // All outlive it, and each may be null. Without an authenticator every caller is anonymous;
  // without a policy every caller may call every method.
  Admitter(const Authenticator* authenticator, const PolicyFile* policy, AuditLog* audit)
      : authenticator_(authenticator), policy_(policy), audit_(audit) {}

  // Identifies the caller and decides, by the policy of this moment, on a call of the path
  // "/package.Service/Method", which is not open to everybody. The error is what the call gets:
  // UNAUTHENTICATED, PERMISSION_DENIED or UNAVAILABLE. A refusal is recorded in the audit log.
  absl::StatusOr<Admission> Admit(const RequestMetadata& call, std::string_view path) const;

 private:
  void RecordRefusal(const RequestMetadata& call, std::string_view path, const CallerPtr& caller,
                     const absl::Status& status) const;

  const Authenticator* const authenticator_;
  const PolicyFile* const policy_;
  AuditLog* const audit_;
};

}  // namespace dataservice
