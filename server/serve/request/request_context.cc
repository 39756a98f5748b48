#include "serve/request/request_context.h"

#include <utility>

#include "absl/hash/hash.h"

namespace dataservice {
namespace {

// Callers of one connection that take turns; a batch has as many operations, about.
constexpr size_t kMaxUnverifiedCallers = 64;

}  // namespace

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

Origin OriginOf(const RequestContext& context) {
  const Caller& caller = *context.caller;
  Origin origin;
  if (caller.kind != CallerKind::kAnonymous) {
    origin.caller = absl::HashOf(caller.kind, caller.issuer, caller.subject);
  } else if (context.metadata != nullptr) {
    const size_t value = absl::HashOf(context.metadata->Metadata("authorization"));
    origin.caller = absl::HashOf(context.metadata->connection(), value % kMaxUnverifiedCallers);
    origin.client = context.metadata->client();
  }
  return origin;
}

}  // namespace dataservice
