#include "serve/request/operation_handler.h"

#include <utility>

namespace dataservice {

namespace {

// The field of a response whose messages a read mask applies to; null if it applies to the
// response itself.
const google::protobuf::FieldDescriptor* RowsOf(const Method& method) {
  if (const auto* list = std::get_if<ListMethod>(&method.fields)) return list->rows;
  if (const auto* batch = std::get_if<BatchGetMethod>(&method.fields)) return batch->rows;
  return nullptr;
}

// What the read mask of an operation selects of the response; null without one.
std::unique_ptr<FieldSelection> SelectionOf(const Method& method, const Operation& operation) {
  const Statement* statement = StatementOf(operation.work);
  const ReadMask* mask = statement == nullptr ? nullptr : ReadMaskOf(statement->shape);
  if (mask == nullptr) return nullptr;
  auto selection = FieldSelection::OfMask(*method.resource, *mask);
  const auto* rows = RowsOf(method);
  return rows == nullptr ? std::move(selection)
                         : FieldSelection::OfRows(*rows, std::move(selection));
}

}  // namespace

void UnaryCall::Succeed(Operation& operation, Outcome outcome) {
  Response response = handler_->Respond(operation, std::move(outcome));
  if (json_) {
    absl::Status status = handler_->ToJson(*json_, operation, response);
    if (!status.ok()) return Finish(status);
  }
  Respond(response);
}

void UnaryCall::Fail(Operation&, absl::Status status) { Finish(status); }

void OperationHandler::Handle(google::protobuf::io::ZeroCopyInputStream& request,
                              const RequestContext& context, UnaryCall& call) const {
  auto json = ReadJsonResponse(context, json_.message());
  if (!json.ok()) return call.Finish(json.status());
  auto operation = Prepare(request, context);
  if (!operation.ok()) return call.Finish(operation.status());
  call.handler_ = this;
  call.json_ = *std::move(json);
  (*operation)->completion = &call;
  if (call.may_execute()) {
    executor_.Execute(*std::move(operation));
  } else {
    executor_.Submit(*std::move(operation));
  }
}

Response OperationHandler::Respond(const Operation&, Outcome outcome) const {
  if (auto* row = std::get_if<RowOutcome>(&outcome)) return {std::move(row->message), row->created};
  return {.message = std::move(std::get<ResponseOutcome>(outcome).message)};
}

absl::Status OperationHandler::ToJson(const JsonResponse& asked, const Operation& operation,
                                      Response& response) const {
  const auto selection = SelectionOf(method_, operation);
  return WriteJson(json_, asked, selection.get(), response.message, response.values);
}

}  // namespace dataservice
