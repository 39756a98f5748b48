// Request bytes -> message.
#pragma once

#include <google/protobuf/arena.h>
#include <google/protobuf/io/zero_copy_stream.h>
#include <google/protobuf/message.h>

#include <cstddef>

#include "absl/status/statusor.h"
#include "serve/request/request_context.h"

namespace dataservice {

// The generated class's prototype of a message of the contract.
const google::protobuf::Message& PrototypeOf(const google::protobuf::Descriptor& type);

// An arena whose first block is a part of it: most requests need no other. For the stack.
class RequestArena {
 public:
  google::protobuf::Arena& operator*() { return arena_; }

 private:
  static constexpr size_t kFirstBlock = 4096;

  alignas(std::max_align_t) char block_[kFirstBlock];
  google::protobuf::Arena arena_{block_, kFirstBlock};
};

// The request on `arena`; INVALID_ARGUMENT if the bytes are none, or have too much in them.
absl::StatusOr<google::protobuf::Message*> ParseRequest(
    const google::protobuf::Message& prototype, google::protobuf::io::ZeroCopyInputStream& bytes,
    google::protobuf::Arena& arena, const RequestContext& context);

}  // namespace dataservice
