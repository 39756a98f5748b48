// Methods whose request is one message, which may also stand inside another one.
#pragma once

#include <google/protobuf/arena.h>
#include <google/protobuf/message.h>

#include <memory>

#include "serve/request/handler.h"
#include "serve/request/violations.h"

namespace dataservice {

// Immutable; thread-safe.
class MessageHandler : public Handler {
 public:
  // Parses the bytes, then prepares the message.
  absl::StatusOr<std::unique_ptr<Operation>> Prepare(
      google::protobuf::io::ZeroCopyInputStream& bytes, const RequestContext& context) const final;

  // Prepares a request that is parsed, and may change it; messages that it needs are
  // made on `arena`. What breaks a rule is in `violations`, under paths that begin in
  // the request, and in the status that is answered then.
  virtual absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(
      google::protobuf::Message& request, google::protobuf::Arena& arena,
      const RequestContext& context, Violations& violations) const = 0;

 protected:
  // `method` outlives it.
  explicit MessageHandler(const Method& method);

  const google::protobuf::Message& prototype_;
};

// The handler of a method that is done once: all but List and the batches.
std::unique_ptr<MessageHandler> MakeMessageHandler(const HandlerContext& context,
                                                   const Method& method);

std::unique_ptr<MessageHandler> MakeKeyHandler(const HandlerContext& context, const Method& method);
std::unique_ptr<MessageHandler> MakeWriteHandler(const HandlerContext& context,
                                                 const Method& method);
std::unique_ptr<MessageHandler> MakeBatchHandler(const HandlerContext& context,
                                                 const Method& method);

}  // namespace dataservice
