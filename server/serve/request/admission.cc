#include "serve/request/admission.h"

namespace dataservice {

absl::StatusOr<Admission> Admitter::Admit(const RequestMetadata& call,
                                          std::string_view path) const {
  Admission admission{.audit = audit_};
  if (authenticator_ != nullptr) {
    auto caller = authenticator_->Identify(call.ClientOfConnection(), call.Authorization());
    if (!caller.ok()) {
      RecordRefusal(call, path, admission.caller, caller.status());
      return caller.status();
    }
    admission.caller = *std::move(caller);
  }
  if (policy_ != nullptr) {
    auto access = policy_->Current()->Decide(*admission.caller, path);
    if (!access.ok()) {
      RecordRefusal(call, path, admission.caller, access.status());
      return access.status();
    }
    admission.access = *std::move(access);
  }
  return admission;
}

void Admitter::RecordRefusal(const RequestMetadata& call, std::string_view path,
                             const CallerPtr& caller, const absl::Status& status) const {
  const auto kind = AuditKindOf(/*can_write=*/false, status);
  if (audit_ == nullptr || !kind) return;
  audit_->Add({.kind = *kind,
               .caller = caller,
               .path = path,
               .status = status,
               .request_id = call.RequestId()});
}

}  // namespace dataservice
