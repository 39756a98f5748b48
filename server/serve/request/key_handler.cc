// Get and Delete: methods that a key is enough for.
#include "serve/errors/errors.h"
#include "serve/request/message_handler.h"
#include "serve/request/parse.h"
#include "serve/request/precondition.h"
#include "serve/request/read_mask.h"
#include "serve/request/request_id.h"
#include "serve/request/violations.h"
#include "serve/values/encode.h"

namespace dataservice {
namespace {

using google::protobuf::Message;

class KeyHandler : public MessageHandler {
 public:
  KeyHandler(const HandlerContext& context, const Method& method)
      : MessageHandler(method),
        method_(method),
        executor_(context.executor),
        rules_(*context.contract.FindValidator(method.descriptor->input_type())),
        row_rules_(*context.contract.FindValidator(method.resource->message)) {
    const bool deletes = method.kind == MethodKind::kDelete;
    statement_ = context.executor.StatementOf(
        {.kind = deletes ? ShapeKind::kDelete : ShapeKind::kGet, .resource = method.resource});
  }

  const std::string& path() const override { return method_.path; }

  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request,
                                                            google::protobuf::Arena& arena,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    auto operation = std::make_unique<Operation>();
    operation->statement = statement_;
    operation->deadline = context.deadline;

    const bool deletes = method_.kind == MethodKind::kDelete;
    if (deletes) AdmitRequestId(method_, context, request, violations);
    rules_.Validate(request, "", violations.list());
    ValidateKey(request, arena, violations);
    std::string problem;
    if (!EncodeField(request, *method_.key, method_.resource->key_column(), operation->values,
                     problem)) {
      violations.Add(method_.key->name(), problem);
    }
    std::optional<ReadMask> mask;
    if (method_.read_mask != nullptr) {
      mask = ParseReadMask(request.GetReflection()->GetMessage(request, method_.read_mask),
                           *method_.resource, method_.read_mask->name(), violations);
    }
    if (!violations.empty()) return violations.ToStatus();
    operation->key = std::string(*operation->values[0]);
    if (!deletes) {
      operation->retryable = Retryable::kYes;
      if (mask) {
        operation->statement = executor_.StatementOf(
            {.kind = ShapeKind::kGet, .resource = method_.resource, .read_mask = std::move(mask)});
      }
      return operation;
    }
    std::optional<Claim> claim = TakeClaim(method_, context, request);
    absl::Status status = AddPrecondition(request, context, *operation);
    if (!status.ok()) return status;
    if (claim) ClaimDeletion(*std::move(claim), *operation);
    return operation;
  }

  std::string Respond(const Operation&, Outcome outcome) const override {
    return std::move(outcome.bytes);
  }

 private:
  // The key obeys the rules of the resource's field: one that breaks them is
  // malformed, not merely unknown.
  void ValidateKey(const Message& request, google::protobuf::Arena& arena,
                   Violations& violations) const {
    const Column& key = method_.resource->key_column();
    if (!request.GetReflection()->HasField(request, method_.key)) {
      violations.Add(method_.key->name(), "value is required");
    } else if (key.type == ColumnType::kText) {
      Message* row = method_.resource->prototype->New(&arena);
      row->GetReflection()->SetString(row, key.field,
                                      request.GetReflection()->GetString(request, method_.key));
      row_rules_.ValidateField(*row, key.field, "", violations.list());
    }
  }

  absl::Status AddPrecondition(const Message& request, const RequestContext& context,
                               Operation& operation) const {
    std::string etag;
    if (method_.etag != nullptr) etag = request.GetReflection()->GetString(request, method_.etag);
    const auto precondition = ReadPrecondition(context, etag);
    if (!precondition.ok()) return precondition.status();
    if (precondition->must_not_exist) {
      return InvalidArgument("if-none-match", "means nothing to this method");
    }
    operation.must_exist = precondition->must_exist;
    operation.allow_missing = method_.allow_missing != nullptr && !precondition->must_exist &&
                              request.GetReflection()->GetBool(request, method_.allow_missing);
    if (method_.resource->etag == nullptr && !precondition->etags.empty()) {
      return InvalidArgument("if-match", "there are no etags");
    }
    AddVersion(*precondition, *method_.resource, operation.values);
    return absl::OkStatus();
  }

  void ClaimDeletion(Claim claim, Operation& operation) const {
    AddClaim(claim, operation.values);
    operation.claim = std::move(claim);
    operation.retryable = Retryable::kYes;
    operation.statement = executor_.StatementOf({.kind = ShapeKind::kDelete,
                                                 .resource = method_.resource,
                                                 .claimed = true,
                                                 .allow_missing = operation.allow_missing});
  }

  const Method& method_;
  Executor& executor_;
  const Validator& rules_;
  const Validator& row_rules_;
  std::shared_ptr<const Statement> statement_;  // without a read mask
};

}  // namespace

std::unique_ptr<MessageHandler> MakeKeyHandler(const HandlerContext& context,
                                               const Method& method) {
  return std::make_unique<KeyHandler>(context, method);
}

}  // namespace dataservice
