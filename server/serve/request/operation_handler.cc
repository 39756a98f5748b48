#include "serve/request/operation_handler.h"

#include <utility>

#include "serve/policy/method_set.h"
#include "serve/request/read_consistency.h"
#include "serve/request/redaction.h"

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
  handler_->CountAnswer(operation, absl::OkStatus());
  const auto response = ResponseOf(operation, std::move(outcome));
  observation_.SetTimes(operation);
  // The work is done, whatever the form of the response.
  record_.Add(absl::OkStatus(), &operation);
  if (response.ok()) {
    Respond(*response);
  } else {
    Finish(response.status());
  }
}

absl::StatusOr<Response> UnaryCall::ResponseOf(Operation& operation, Outcome outcome) const {
  Response response = handler_->Respond(operation, std::move(outcome));
  absl::Status status = handler_->Redact(*access_, response.message);
  if (status.ok() && json_) status = handler_->ToJson(*json_, operation, *access_, response);
  if (!status.ok()) return status;
  handler_->AddConsistency(operation, response);
  return response;
}

void UnaryCall::Fail(Operation& operation, absl::Status status) {
  if (IsForWriter(operation, status)) return handler_->Repeat(operation);
  handler_->CountAnswer(operation, status);
  observation_.SetTimes(operation);
  record_.Add(status, &operation);
  Finish(status);
}

void OperationHandler::Handle(google::protobuf::io::ZeroCopyInputStream& request,
                              const RequestContext& context, UnaryCall& call) const {
  call.record_ = CallRecord(method_, context);
  auto json = ReadJsonResponse(context, json_.message());
  auto operation = json.ok() ? Prepare(request, context) : json.status();
  if (!operation.ok()) {
    call.record_.Add(operation.status(), nullptr);
    return call.Finish(operation.status());
  }
  call.handler_ = this;
  call.access_ = context.access;
  // Hidden fields are removed from the binary form.
  if (*json && context.access->hidden().empty()) AskForJson(**operation);
  call.json_ = *std::move(json);
  (*operation)->completion = &call;
  (*operation)->method = method_.path;
  (*operation)->origin = OriginOf(context);
  Submit(*std::move(operation), context, call);
}

void OperationHandler::Submit(std::unique_ptr<Operation> operation, const RequestContext& context,
                              UnaryCall& call) const {
  if (reader_ != nullptr && IsRead(method_.kind)) {
    const auto bound = ReadBoundOf(context);
    if (bound && reader_->Admits(*bound, *operation)) {
      return reader_->executor().Submit(std::move(operation));
    }
  }
  if (call.may_execute()) {
    executor_.Execute(std::move(operation), call.comes_alone());
  } else {
    executor_.Submit(std::move(operation));
  }
}

void OperationHandler::Repeat(const Operation& operation) const {
  reader_->CountRepeated();
  executor_.Submit(ForWriter(operation));
}

void OperationHandler::CountAnswer(const Operation& operation, const absl::Status& status) const {
  if (operation.on_reader) reader_->CountAnswer(status);
}

void OperationHandler::AddConsistency(const Operation& operation, Response& response) const {
  if (reader_ == nullptr) return;
  response.from_reader = operation.on_reader.has_value();
  if (!IsRead(method_.kind)) response.consistency_token = ConsistencyToken();
}

std::string OperationHandler::ConsistencyToken() const {
  return reader_ == nullptr ? "" : reader_->Token();
}

absl::Status OperationHandler::Redact(const Access& access, std::string& message) const {
  return RedactMessage(access, *method_.descriptor->output_type(), message);
}

Response OperationHandler::Respond(const Operation&, Outcome outcome) const {
  if (auto* row = std::get_if<RowOutcome>(&outcome)) return {std::move(row->message), row->created};
  return {.message = std::move(std::get<ResponseOutcome>(outcome).message)};
}

absl::Status OperationHandler::ToJson(const JsonResponse& asked, const Operation& operation,
                                      const Access& access, Response& response) const {
  const auto selection = response.rows ? nullptr : SelectionOf(method_, operation);
  WrittenFields fields = FieldsOf(selection.get(), access);
  if (response.rows) fields.elements = {RowsOf(method_), *response.rows};
  return WriteJson(json_, asked, fields, response.message, response.values);
}

}  // namespace dataservice
