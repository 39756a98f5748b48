// BatchGet, BatchCreate, BatchUpdate and BatchDelete: what another method does,
// many times, all or nothing (AIP-231, 233 to 235).
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "engine_limits.h"
#include "serve/request/message_handler.h"
#include "serve/request/parse.h"
#include "serve/request/read_mask.h"
#include "serve/request/request_id.h"
#include "serve/request/violations.h"

namespace dataservice {
namespace {

using google::protobuf::Arena;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Sets `to`, a single field, to an element of the repeated field `from`: both are
// of the type of a key.
void CopyElement(const Message& request, const FieldDescriptor& from, int index, Message& element,
                 const FieldDescriptor& to) {
  const auto& in = *request.GetReflection();
  const auto& out = *element.GetReflection();
  switch (from.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      out.SetString(&element, &to, in.GetRepeatedString(request, &from, index));
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      out.SetInt32(&element, &to, in.GetRepeatedInt32(request, &from, index));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      out.SetInt64(&element, &to, in.GetRepeatedInt64(request, &from, index));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      out.SetUInt32(&element, &to, in.GetRepeatedUInt32(request, &from, index));
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      out.SetUInt64(&element, &to, in.GetRepeatedUInt64(request, &from, index));
      break;
    default:  // no type of a key
      break;
  }
}

class BatchHandler : public MessageHandler {
 public:
  BatchHandler(const HandlerContext& context, const Method& method)
      : MessageHandler(method),
        method_(method),
        rules_(*context.contract.FindValidator(method.descriptor->input_type())),
        element_(MakeMessageHandler(context, *method.element)),
        element_prototype_(PrototypeOf(*method.element->descriptor->input_type())),
        elements_(method.keys != nullptr ? *method.keys : *method.requests),
        writes_(method.kind != MethodKind::kBatchGet) {
    if (writes_) {
      lock_ = context.executor.StatementOf({.kind = ShapeKind::kLock, .resource = method.resource});
    }
  }

  const std::string& path() const override { return method_.path; }

  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request, Arena& arena,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    if (context.if_match) violations.Add("if-match", "means nothing to a batch");
    if (context.if_none_match) violations.Add("if-none-match", "means nothing to a batch");
    const int count = request.GetReflection()->FieldSize(request, &elements_);
    if (count > kMaxBatchSize) {
      violations.Add(elements_.name(), absl::StrCat("has ", count, " elements; at most ",
                                                    kMaxBatchSize, " are allowed"));
      return violations.ToStatus();
    }
    if (writes_) AdmitRequestId(method_, context, request, violations);
    rules_.Validate(request, "", violations.list());
    CheckReadMask(request, violations);
    std::optional<Claim> claim;
    if (writes_) claim = TakeClaim(method_, context, request);
    auto operation = std::make_unique<Operation>();
    operation->deadline = context.deadline;
    operation->parts_field = elements_.name();
    if (method_.rows != nullptr) operation->rows_field = method_.rows->number();
    operation->parts.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      const absl::Status status =
          AddPart(request, i, arena, {.deadline = context.deadline}, *operation, violations);
      if (!status.ok()) return status;
    }
    if (!violations.empty()) return violations.ToStatus();
    if (count == 0) return operation;
    operation->statement = writes_ ? lock_ : operation->parts.front()->statement;
    operation->retryable = operation->parts.front()->retryable;
    if (writes_) RefuseDuplicates(*operation, violations);
    if (!violations.empty()) return violations.ToStatus();
    if (claim) {
      operation->claim = std::move(claim);
      operation->retryable = Retryable::kYes;
    }
    return operation;
  }

  std::string Respond(const Operation&, Outcome outcome) const override {
    return std::move(outcome.bytes);
  }

 private:
  // Once, and not for each element: a wrong one does not reach them.
  void CheckReadMask(Message& request, Violations& violations) const {
    if (method_.read_mask == nullptr) return;
    const size_t before = violations.all().size();
    ParseReadMask(request.GetReflection()->GetMessage(request, method_.read_mask),
                  *method_.resource, method_.read_mask->name(), violations);
    if (violations.all().size() > before) {
      request.GetReflection()->ClearField(&request, method_.read_mask);
    }
  }

  // An element that breaks rules goes to `violations`, and is OK.
  absl::Status AddPart(Message& request, int index, Arena& arena, const RequestContext& context,
                       Operation& operation, Violations& violations) const {
    Message* message = nullptr;
    if (method_.requests != nullptr) {
      message = request.GetReflection()->MutableRepeatedMessage(&request, &elements_, index);
    } else {
      message = element_prototype_.New(&arena);
      CopyElement(request, elements_, index, *message, *method_.element->key);
      if (method_.read_mask != nullptr) {
        message->GetReflection()
            ->MutableMessage(message, method_.element->read_mask)
            ->CopyFrom(request.GetReflection()->GetMessage(request, method_.read_mask));
      }
    }
    Violations broken;
    auto part = element_->PrepareMessage(*message, arena, context, broken);
    if (part.ok() && (*part)->claim) {
      violations.Add(FieldPath(operation.PartPath(static_cast<size_t>(index)),
                               method_.element->request_id->name()),
                     "means nothing inside a batch, which is carried out whole");
      return absl::OkStatus();
    }
    if (part.ok()) {
      operation.parts.push_back(*std::move(part));
      return absl::OkStatus();
    }
    if (broken.empty()) return part.status();
    const std::string path = operation.PartPath(static_cast<size_t>(index));
    if (method_.requests != nullptr) {
      violations.Append(path, broken);
    } else {
      // The request of one key stands for the key.
      violations.Add(path, broken.all().front().description);
    }
    return absl::OkStatus();
  }

  // The database would apply an arbitrary one of two writes of a row.
  void RefuseDuplicates(const Operation& operation, Violations& violations) const {
    absl::flat_hash_map<std::string_view, size_t> first;
    for (size_t i = 0; i < operation.parts.size(); ++i) {
      const auto [known, added] = first.emplace(operation.parts[i]->key, i);
      if (added) continue;
      std::string path = operation.PartPath(i);
      if (method_.requests != nullptr) {
        const Method& element = *method_.element;
        if (element.body != nullptr) path = FieldPath(path, element.body->name());
        path = FieldPath(path, method_.resource->key_column().name);
      }
      violations.Add(path, absl::StrCat("is the key of ", operation.PartPath(known->second),
                                        ", too; a batch writes a row once"));
    }
  }

  const Method& method_;
  const Validator& rules_;
  const std::unique_ptr<MessageHandler> element_;
  const Message& element_prototype_;
  // The request's field that has an element for each part.
  const FieldDescriptor& elements_;
  const bool writes_;
  std::shared_ptr<const Statement> lock_;
};

}  // namespace

std::unique_ptr<MessageHandler> MakeBatchHandler(const HandlerContext& context,
                                                 const Method& method) {
  return std::make_unique<BatchHandler>(context, method);
}

}  // namespace dataservice
