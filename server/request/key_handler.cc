// Get and Delete: methods that a key is enough for.
#include "errors/errors.h"
#include "request/handler.h"
#include "request/parse.h"
#include "request/precondition.h"
#include "request/violations.h"
#include "values/encode.h"
#include "values/etag.h"

namespace dataservice {
namespace {

using google::protobuf::Message;

class KeyHandler : public Handler {
 public:
  KeyHandler(const HandlerContext& context, const Method& method)
      : method_(method),
        prototype_(PrototypeOf(*method.descriptor->input_type())),
        rules_(*context.contract.FindValidator(method.descriptor->input_type())) {
    const bool deletes = method.kind == MethodKind::kDelete;
    statement_ = context.executor.StatementOf(
        {.kind = deletes ? ShapeKind::kDelete : ShapeKind::kGet, .resource = method.resource});
  }

  const std::string& path() const override { return method_.path; }

  absl::StatusOr<std::unique_ptr<Operation>> Prepare(
      google::protobuf::io::ZeroCopyInputStream& bytes,
      const RequestContext& context) const override {
    google::protobuf::Arena arena;
    const auto request = ParseRequest(prototype_, bytes, arena);
    if (!request.ok()) return request.status();
    auto operation = std::make_unique<Operation>();
    operation->statement = statement_;
    operation->deadline = context.deadline;

    Violations violations;
    rules_.Validate(**request, "", violations.list());
    std::string problem;
    if (!EncodeField(**request, *method_.key, method_.resource->key_column(), operation->values,
                     problem)) {
      violations.Add(method_.key->name(), problem);
    }
    if (!violations.empty()) return violations.ToStatus();
    operation->key = std::string(*operation->values[0]);
    if (method_.kind == MethodKind::kGet) {
      operation->retryable = Retryable::kYes;
      return operation;
    }
    absl::Status status = AddPrecondition(**request, context, *operation);
    if (!status.ok()) return status;
    return operation;
  }

  std::string Respond(const Operation&, Outcome outcome) const override {
    return std::move(outcome.bytes);
  }

 private:
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
    if (method_.resource->etag == nullptr) {
      if (!precondition->etag.empty()) return InvalidArgument("if-match", "there are no etags");
    } else if (precondition->etag.empty()) {
      operation.values.AddNull();
    } else {
      operation.values.Add(TimestampOfEtag(precondition->etag));
    }
    return absl::OkStatus();
  }

  const Method& method_;
  const Message& prototype_;
  const Validator& rules_;
  std::shared_ptr<const Statement> statement_;
};

}  // namespace

std::unique_ptr<Handler> MakeKeyHandler(const HandlerContext& context, const Method& method) {
  return std::make_unique<KeyHandler>(context, method);
}

}  // namespace dataservice
