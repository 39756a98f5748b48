// BatchCreate, BatchUpdate and BatchDelete: several writes, all or none (AIP-233 to 235).
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "serve/request/batch_elements.h"
#include "serve/request/message_handler.h"
#include "serve/request/owner.h"
#include "serve/request/request_id.h"

namespace dataservice {
namespace {

using google::protobuf::Arena;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor& ElementsOf(const BatchWriteMethod& fields) {
  return fields.keys != nullptr ? *fields.keys : *fields.requests;
}

// The request's field that has the row; null for a deletion.
const FieldDescriptor* BodyOf(const Method& method) {
  if (const auto* put = std::get_if<PutMethod>(&method.fields)) return put->body;
  if (const auto* update = std::get_if<UpdateMethod>(&method.fields)) return update->body;
  return nullptr;
}

class BatchWriteHandler : public MessageHandler {
 public:
  BatchWriteHandler(const HandlerContext& context, const Method& method)
      : MessageHandler(context, method),
        fields_(std::get<BatchWriteMethod>(method.fields)),
        elements_(context, ElementsOf(fields_), *fields_.element),
        lock_(context.executor.StatementOf(LockShape{method.resource})) {}

  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request, Arena& arena,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    // For the batch as a whole. The elements of a caller that writes the rows of all owners can
    // name theirs.
    if (!context.access->all_rows()) {
      const auto owner = OwnerOf(*method_.resource, context);
      if (!owner.ok()) return owner.status();
    }
    if (!elements_.Check(request, context, violations)) return violations.ToStatus();
    AdmitRequestId(method_, context, request, violations);
    rules_.Validate(request, "", violations.list());
    BatchWriteWork work;
    work.lock = lock_;
    work.claim = TakeClaim(method_, context, request);
    work.elements_field = elements_.field_name();
    if (fields_.rows != nullptr) work.rows_field = fields_.rows->number();
    const int count = elements_.Count(request);
    work.writes.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      Message& element = elements_.RequestOf(request, i, arena);
      auto operation = elements_.Prepare(element, i, arena, context, violations);
      if (!operation.ok()) return operation.status();
      if (*operation == nullptr) continue;
      work.writes.push_back(std::get<WriteWork>(std::move((*operation)->work)));
    }
    if (violations.empty()) RefuseDuplicates(work, violations);
    if (!violations.empty()) return violations.ToStatus();
    return std::make_unique<Operation>(std::move(work), Lane::kAlone, context.deadline);
  }

 private:
  // The database would apply an arbitrary one of two writes of a row.
  void RefuseDuplicates(const BatchWriteWork& work, Violations& violations) const {
    absl::flat_hash_map<PrimaryKeyValue, int> first;
    for (int i = 0; i < static_cast<int>(work.writes.size()); ++i) {
      const WriteWork& write = work.writes[static_cast<size_t>(i)];
      const auto [known, added] = first.emplace(PrimaryKeyOf(write), i);
      if (added) continue;
      violations.Add(PathOfKey(i), absl::StrCat("is the key of ", elements_.Path(known->second),
                                                ", too; a batch writes a row once"));
    }
  }

  // "requests[3].order.code"
  std::string PathOfKey(int index) const {
    std::string path = elements_.Path(index);
    if (elements_.are_keys()) return path;
    const FieldDescriptor* body = BodyOf(elements_.element());
    if (body != nullptr) path = FieldPath(path, body->name());
    return FieldPath(path, method_.resource->key_column().name);
  }

  const BatchWriteMethod& fields_;
  const BatchElements elements_;
  const std::shared_ptr<const Statement> lock_;
};

}  // namespace

std::unique_ptr<MessageHandler> MakeBatchWriteHandler(const HandlerContext& context,
                                                      const Method& method) {
  return std::make_unique<BatchWriteHandler>(context, method);
}

}  // namespace dataservice
