#include "serve/request/request_context.h"

#include <utility>

#include "absl/hash/hash.h"

namespace dataservice {

RequestContext ContextOf(
    const RequestMetadata& metadata, Admission admission,
    std::chrono::system_clock::time_point deadline,
    std::function<std::unique_ptr<google::protobuf::io::ZeroCopyInputStream>()> reread) {
  return {.deadline = deadline,
          .if_match = metadata.Find("if-match"),
          .if_none_match = metadata.Find("if-none-match"),
          .idempotency_key = metadata.Find("idempotency-key"),
          .caller = std::move(admission.caller),
          .access = std::move(admission.access),
          .audit = admission.audit,
          .reread = std::move(reread),
          .metadata = &metadata};
}

uint64_t CallerNumberOf(const RequestContext& context) {
  const Caller& caller = *context.caller;
  if (caller.kind != CallerKind::kAnonymous) {
    return absl::HashOf(caller.kind, caller.issuer, caller.subject);
  }
  if (context.metadata == nullptr) return 0;
  return absl::HashOf(context.metadata->connection(), context.metadata->Metadata("authorization"));
}

}  // namespace dataservice
