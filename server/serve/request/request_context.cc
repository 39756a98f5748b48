#include "serve/request/request_context.h"

#include <utility>

namespace dataservice {

RequestContext ContextOf(
    const RequestMetadata& metadata, CallerPtr caller,
    std::chrono::system_clock::time_point deadline,
    std::function<std::unique_ptr<google::protobuf::io::ZeroCopyInputStream>()> reread) {
  return {.deadline = deadline,
          .if_match = metadata.Find("if-match"),
          .if_none_match = metadata.Find("if-none-match"),
          .idempotency_key = metadata.Find("idempotency-key"),
          .caller = std::move(caller),
          .reread = std::move(reread),
          .metadata = &metadata};
}

}  // namespace dataservice
