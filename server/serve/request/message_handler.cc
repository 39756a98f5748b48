#include "serve/request/message_handler.h"

#include "serve/request/parse.h"

namespace dataservice {

MessageHandler::MessageHandler(const Method& method)
    : prototype_(PrototypeOf(*method.descriptor->input_type())) {}

absl::StatusOr<std::unique_ptr<Operation>> MessageHandler::Prepare(
    google::protobuf::io::ZeroCopyInputStream& bytes, const RequestContext& context) const {
  RequestArena arena;
  const auto request = ParseRequest(prototype_, bytes, *arena, context);
  if (!request.ok()) return request.status();
  Violations violations;
  return PrepareMessage(**request, *arena, context, violations);
}

std::unique_ptr<MessageHandler> MakeMessageHandler(const HandlerContext& context,
                                                   const Method& method) {
  const bool by_key = method.kind == MethodKind::kGet || method.kind == MethodKind::kDelete;
  return by_key ? MakeKeyHandler(context, method) : MakeWriteHandler(context, method);
}

}  // namespace dataservice
