#include "serve/request/message_handler.h"

#include "serve/request/parse.h"

namespace dataservice {

MessageHandler::MessageHandler(const HandlerContext& context, const Method& method)
    : OperationHandler(method, context.executor, context.reader),
      prototype_(PrototypeOf(*method.descriptor->input_type())),
      rules_(*context.contract.FindValidator(method.descriptor->input_type())) {}

absl::StatusOr<std::unique_ptr<Operation>> MessageHandler::Prepare(
    google::protobuf::io::ZeroCopyInputStream& bytes, const RequestContext& context) const {
  RequestArena arena;
  const auto request = ParseRequest(prototype_, bytes, *arena, context);
  if (!request.ok()) return request.status();
  Violations violations;
  return PrepareMessage(**request, *arena, context, violations);
}

}  // namespace dataservice
