#include "serve/request/operation_handler.h"

#include <utility>

namespace dataservice {

void UnaryCall::Succeed(Operation& operation, Outcome outcome) {
  Respond(handler_->Respond(operation, std::move(outcome)));
}

void UnaryCall::Fail(Operation&, absl::Status status) { Finish(status); }

void OperationHandler::Handle(google::protobuf::io::ZeroCopyInputStream& request,
                              const RequestContext& context, UnaryCall& call) const {
  auto operation = Prepare(request, context);
  if (!operation.ok()) return call.Finish(operation.status());
  call.handler_ = this;
  (*operation)->completion = &call;
  executor_.Submit(*std::move(operation));
}

Response OperationHandler::Respond(const Operation&, Outcome outcome) const {
  if (auto* row = std::get_if<RowOutcome>(&outcome)) return {std::move(row->message), row->created};
  return {.message = std::move(std::get<ResponseOutcome>(outcome).message)};
}

}  // namespace dataservice
