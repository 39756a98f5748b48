// Get: one row by its key (AIP-131).
#include "serve/request/key_field.h"
#include "serve/request/message_handler.h"
#include "serve/request/owner.h"
#include "serve/request/read_mask.h"
#include "serve/request/request_statement.h"

namespace dataservice {
namespace {

using google::protobuf::Message;

class GetHandler : public MessageHandler {
 public:
  GetHandler(const HandlerContext& context, const Method& method)
      : MessageHandler(context, method),
        fields_(std::get<GetMethod>(method.fields)),
        key_(context.contract, *method.resource, *fields_.key),
        unmasked_(context.executor.StatementOf(GetShape{method.resource})) {}

  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request,
                                                            google::protobuf::Arena& arena,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    const auto owner = ReadOwnerOf(*method_.resource, context);
    if (!owner.ok()) return owner.status();
    ReadWork work;
    work.owner = *owner;
    rules_.Validate(request, "", violations.list());
    key_.Read(request, arena, work.values, violations);
    AddOwner(work.owner, work.values);
    std::optional<ReadMask> mask;
    if (fields_.read_mask != nullptr) {
      mask = ParseReadMask(request.GetReflection()->GetMessage(request, fields_.read_mask),
                           *method_.resource, context.access->hidden(), fields_.read_mask->name(),
                           violations);
    }
    if (!violations.empty()) return violations.ToStatus();
    work.key = std::string(*work.values[0]);
    work.statement = unmasked_;
    const bool all_owners = method_.resource->is_private() && work.owner.empty();
    if (mask || all_owners) {
      auto statement = StatementOfRequest(GetShape{method_.resource, std::move(mask), all_owners},
                                          context, executor_);
      if (!statement.ok()) return statement.status();
      work.statement = *std::move(statement);
    }
    return std::make_unique<Operation>(std::move(work), Lane::kRead, context.deadline);
  }

 private:
  const GetMethod& fields_;
  const KeyField key_;
  const std::shared_ptr<const Statement> unmasked_;  // without a read mask, of one owner
};

}  // namespace

std::unique_ptr<MessageHandler> MakeGetHandler(const HandlerContext& context,
                                               const Method& method) {
  return std::make_unique<GetHandler>(context, method);
}

}  // namespace dataservice
