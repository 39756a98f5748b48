// Export: all rows of a resource, or those of a filter, as a stream in the order
// of their keys.
#include "engine_limits.h"
#include "serve/errors/errors.h"
#include "serve/request/export_stream.h"
#include "serve/request/filter_field.h"
#include "serve/request/message_handler.h"
#include "serve/request/statement_size.h"

namespace dataservice {
namespace {

using google::protobuf::Message;

class ExportHandler : public MessageHandler {
 public:
  ExportHandler(const HandlerContext& context, const Method& method)
      : MessageHandler(method),
        method_(method),
        executor_(context.executor),
        rules_(*context.contract.FindValidator(method.descriptor->input_type())) {}

  const std::string& path() const override { return method_.path; }

  // The first page.
  absl::StatusOr<std::unique_ptr<Operation>> PrepareMessage(Message& request,
                                                            google::protobuf::Arena&,
                                                            const RequestContext& context,
                                                            Violations& violations) const override {
    Shape shape{.kind = ShapeKind::kExport,
                .resource = method_.resource,
                .order = {{method_.resource->key}}};
    auto operation = std::make_unique<Operation>();
    rules_.Validate(request, "", violations.list());
    AddFilter(method_, request, shape, operation->values, violations);
    if (!violations.empty()) return violations.ToStatus();
    operation->values.Add(std::to_string(kFirstExportRows));
    operation->page_size = kFirstExportRows;
    operation->deadline = context.deadline;
    operation->retryable = Retryable::kYes;
    operation->statement = executor_.StatementOf(shape);
    CheckPageStatement(*operation->statement, executor_,
                       method_.filter == nullptr ? "" : method_.filter->name(), violations);
    if (!violations.empty()) return violations.ToStatus();
    return operation;
  }

  std::string Respond(const Operation&, Outcome outcome) const override {
    return std::move(outcome.bytes);
  }

  std::unique_ptr<Stream> Open(StreamTransport& transport, const RequestContext& context,
                               std::chrono::milliseconds operation_time) const override {
    return std::make_unique<ExportStream>(*this, executor_, transport, context, operation_time);
  }

 private:
  const Method& method_;
  Executor& executor_;
  const Validator& rules_;
};

}  // namespace

std::unique_ptr<Handler> MakeExportHandler(const HandlerContext& context, const Method& method) {
  return std::make_unique<ExportHandler>(context, method);
}

}  // namespace dataservice
