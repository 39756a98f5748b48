// Methods whose request is one message, which may also be an element of another one.
#pragma once

#include <google/protobuf/arena.h>
#include <google/protobuf/message.h>

#include <memory>

#include "serve/request/handlers.h"
#include "serve/request/violations.h"

namespace dataservice {

// Immutable; thread-safe.
class MessageHandler : public OperationHandler {
 public:
  // Parses the bytes, then prepares the message.
  absl::StatusOr<std::unique_ptr<Operation>> Prepare(
      google::protobuf::io::ZeroCopyInputStream& bytes, const RequestContext& context) const final;

  // Prepares a request that is parsed, and may change it; messages that it needs are made on
  // `arena`. Broken rules are added to `violations`, under paths that begin in the request,
  // and are the returned status.
  virtual absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(
      google::protobuf::Message& request, google::protobuf::Arena& arena,
      const RequestContext& context, Violations& violations) const = 0;

 protected:
  MessageHandler(const HandlerContext& context, const Method& method);

  // Of the request.
  const google::protobuf::Message& prototype_;
  const Validator& rules_;
};

// The handler of a method on one row: Get, Create, Update, Upsert or Delete. Its operations
// have ReadWork or WriteWork.
std::unique_ptr<MessageHandler> MakeRowHandler(const HandlerContext& context, const Method& method);

std::unique_ptr<MessageHandler> MakeGetHandler(const HandlerContext& context, const Method& method);
std::unique_ptr<MessageHandler> MakeDeleteHandler(const HandlerContext& context,
                                                  const Method& method);
// Create, Update and Upsert.
std::unique_ptr<MessageHandler> MakeWriteHandler(const HandlerContext& context,
                                                 const Method& method);
std::unique_ptr<MessageHandler> MakeBatchGetHandler(const HandlerContext& context,
                                                    const Method& method);
// BatchCreate, BatchUpdate and BatchDelete.
std::unique_ptr<MessageHandler> MakeBatchWriteHandler(const HandlerContext& context,
                                                      const Method& method);

}  // namespace dataservice
