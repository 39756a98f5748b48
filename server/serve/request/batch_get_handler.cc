// BatchGet: the rows of several keys, all or none (AIP-231).
#include "serve/request/batch_elements.h"
#include "serve/request/message_handler.h"
#include "serve/request/owner.h"
#include "serve/request/read_mask.h"

namespace dataservice {
namespace {

using google::protobuf::Arena;
using google::protobuf::Message;

class BatchGetHandler : public MessageHandler {
 public:
  BatchGetHandler(const HandlerContext& context, const Method& method)
      : MessageHandler(context, method),
        fields_(std::get<BatchGetMethod>(method.fields)),
        elements_(context, *fields_.keys, *fields_.element) {}

  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request, Arena& arena,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    const auto owner = ReadOwnerOf(*method_.resource, context);
    if (!owner.ok()) return owner.status();
    if (!elements_.Check(request, context, violations)) return violations.ToStatus();
    rules_.Validate(request, "", violations.list());
    const bool masked = CheckReadMask(request, context, violations);
    BatchReadWork work;
    work.elements_field = elements_.field_name();
    work.rows_field = fields_.rows->number();
    const int count = elements_.Count(request);
    work.reads.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      Message& element = elements_.RequestOf(request, i, arena);
      if (masked) CopyReadMask(request, element);
      auto operation = elements_.Prepare(element, i, arena, context, violations);
      if (!operation.ok()) return operation.status();
      if (*operation == nullptr) continue;
      work.reads.push_back(std::get<ReadWork>(std::move((*operation)->work)));
    }
    if (!violations.empty()) return violations.ToStatus();
    return std::make_unique<Operation>(std::move(work), Lane::kRead, context.deadline);
  }

 private:
  // Reports a wrong read mask once, and not for each element. Whether the elements get it.
  bool CheckReadMask(const Message& request, const RequestContext& context,
                     Violations& violations) const {
    if (fields_.read_mask == nullptr) return false;
    const size_t before = violations.all().size();
    ParseReadMask(request.GetReflection()->GetMessage(request, fields_.read_mask),
                  *method_.resource, context.access->hidden(), fields_.read_mask->name(),
                  violations);
    return violations.all().size() == before;
  }

  void CopyReadMask(const Message& request, Message& element) const {
    const auto& get = std::get<GetMethod>(elements_.element().fields);
    element.GetReflection()
        ->MutableMessage(&element, get.read_mask)
        ->CopyFrom(request.GetReflection()->GetMessage(request, fields_.read_mask));
  }

  const BatchGetMethod& fields_;
  const BatchElements elements_;
};

}  // namespace

std::unique_ptr<MessageHandler> MakeBatchGetHandler(const HandlerContext& context,
                                                    const Method& method) {
  return std::make_unique<BatchGetHandler>(context, method);
}

}  // namespace dataservice
