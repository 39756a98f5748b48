#include "serve/request/request_context.h"

#include <utility>

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

}  // namespace dataservice
