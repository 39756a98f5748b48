#include "serve/request/call_record.h"

#include <utility>

#include "serve/policy/method_set.h"

namespace dataservice {
namespace {

void AddKeys(const WriteWork& work, AuditRecord& record) {
  record.keys.push_back(work.key);
  if (work.claim) record.claim = work.claim->request_id;
}

void AddKeys(const BatchWriteWork& work, AuditRecord& record) {
  for (const WriteWork& write : work.writes) record.keys.push_back(write.key);
  if (work.claim) record.claim = work.claim->request_id;
}

// Reads are recorded only if they are denied; the request of a custom method has no key.
void AddKeys(const auto&, AuditRecord&) {}

}  // namespace

CallRecord::CallRecord(const Method& method, const RequestContext& context)
    : method_(&method), audit_(context.audit) {
  if (audit_ == nullptr) return;
  caller_ = context.caller;
  if (context.metadata != nullptr) request_id_ = context.metadata->RequestId();
}

std::optional<AuditRecord> CallRecord::RecordOf(const absl::Status& status) const {
  if (audit_ == nullptr) return std::nullopt;
  const auto kind = AuditKindOf(!IsRead(method_->kind), status);
  if (!kind) return std::nullopt;
  AuditRecord record{.kind = *kind,
                     .caller = caller_,
                     .path = method_->path,
                     .status = status,
                     .request_id = request_id_};
  if (method_->resource != nullptr) record.resource = method_->resource->message->full_name();
  return record;
}

void CallRecord::Add(const absl::Status& status, const Operation* operation) const {
  auto record = RecordOf(status);
  if (!record) return;
  if (operation != nullptr) {
    std::visit([&](const auto& work) { AddKeys(work, *record); }, operation->work);
  }
  audit_->Add(*record);
}

void CallRecord::AddImport(const absl::Status& status, int64_t imported, int64_t failed) const {
  auto record = RecordOf(status);
  if (!record) return;
  // Of an import that is denied after its beginning, rows may be stored.
  record->kind = AuditKind::kWrite;
  record->counts = AuditRecord::Counts{imported, failed};
  audit_->Add(*record);
}

}  // namespace dataservice
