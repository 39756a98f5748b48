// Delete: one row by its key (AIP-135).
#include "serve/errors/errors.h"
#include "serve/request/key_field.h"
#include "serve/request/message_handler.h"
#include "serve/request/owner.h"
#include "serve/request/precondition.h"
#include "serve/request/request_id.h"
#include "serve/request/request_statement.h"

namespace dataservice {
namespace {

using google::protobuf::Message;

class DeleteHandler : public MessageHandler {
 public:
  DeleteHandler(const HandlerContext& context, const Method& method)
      : MessageHandler(context, method),
        fields_(std::get<DeleteMethod>(method.fields)),
        key_(context.contract, *method.resource, *fields_.key),
        unclaimed_(context.executor.StatementOf(DeleteShape{method.resource})) {}

  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request,
                                                            google::protobuf::Arena& arena,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    const auto owner = OwnerOf(*method_.resource, context);
    if (!owner.ok()) return owner.status();
    WriteWork work;
    work.owner = *owner;
    AdmitRequestId(method_, context, request, violations);
    rules_.Validate(request, "", violations.list());
    key_.Read(request, arena, work.values, violations);
    AddOwner(work.owner, work.values);
    if (!violations.empty()) return violations.ToStatus();
    work.key = std::string(*work.values[0]);
    work.claim = TakeClaim(method_, context, request);
    absl::Status status = AddPrecondition(request, context, work);
    if (!status.ok()) return status;
    work.statement = unclaimed_;
    if (work.claim) {
      AddClaim(*work.claim, work.values);
      auto statement = StatementOfRequest(
          DeleteShape{
              .resource = method_.resource, .claimed = true, .allow_missing = work.allow_missing},
          context, executor_);
      if (!statement.ok()) return statement.status();
      work.statement = *std::move(statement);
    }
    return std::make_unique<Operation>(std::move(work), Lane::kWrite, context.deadline);
  }

 private:
  absl::Status AddPrecondition(const Message& request, const RequestContext& context,
                               WriteWork& work) const {
    std::string etag;
    if (fields_.etag != nullptr) etag = request.GetReflection()->GetString(request, fields_.etag);
    const auto precondition = ReadPrecondition(context, etag);
    if (!precondition.ok()) return precondition.status();
    absl::Status status = CheckPrecondition(*precondition, method_, context);
    if (!status.ok()) return status;
    work.must_exist = precondition->must_exist;
    work.allow_missing = fields_.allow_missing != nullptr && !precondition->must_exist &&
                         request.GetReflection()->GetBool(request, fields_.allow_missing);
    AddVersion(*precondition, *method_.resource, work.values);
    return absl::OkStatus();
  }

  const DeleteMethod& fields_;
  const KeyField key_;
  const std::shared_ptr<const Statement> unclaimed_;  // without a request_id
};

}  // namespace

std::unique_ptr<MessageHandler> MakeDeleteHandler(const HandlerContext& context,
                                                  const Method& method) {
  return std::make_unique<DeleteHandler>(context, method);
}

}  // namespace dataservice
