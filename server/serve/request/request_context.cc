#include "serve/request/request_context.h"

#include <utility>

#include "serve/request/caller.h"

namespace dataservice {

RequestContext ContextOf(
    const RequestMetadata& metadata, std::chrono::system_clock::time_point deadline,
    std::function<std::unique_ptr<google::protobuf::io::ZeroCopyInputStream>()> reread) {
  return {.deadline = deadline,
          .if_match = metadata.Find("if-match"),
          .if_none_match = metadata.Find("if-none-match"),
          .idempotency_key = metadata.Find("idempotency-key"),
          .caller =
              [&metadata] {
                std::string peer = metadata.Peer();
                return peer.empty() ? CallerOf(metadata.Metadata("authorization")) : peer;
              },
          .reread = std::move(reread),
          .metadata = &metadata};
}

}  // namespace dataservice
