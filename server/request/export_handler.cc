// Export: all rows of a resource, or those of a filter, as a stream in the order
// of their keys.
#include "errors/errors.h"
#include "request/export_stream.h"
#include "request/filter_field.h"
#include "request/parse.h"
#include "settings/limits.h"

namespace dataservice {
namespace {

using google::protobuf::Message;

class ExportHandler : public Handler {
 public:
  ExportHandler(const HandlerContext& context, const Method& method)
      : method_(method),
        executor_(context.executor),
        prototype_(PrototypeOf(*method.descriptor->input_type())),
        rules_(*context.contract.FindValidator(method.descriptor->input_type())) {}

  const std::string& path() const override { return method_.path; }

  // The first page.
  absl::StatusOr<std::unique_ptr<Operation>> Prepare(
      google::protobuf::io::ZeroCopyInputStream& bytes,
      const RequestContext& context) const override {
    google::protobuf::Arena arena;
    const auto request = ParseRequest(prototype_, bytes, arena);
    if (!request.ok()) return request.status();
    Shape shape{.kind = ShapeKind::kExport,
                .resource = method_.resource,
                .order = {{method_.resource->key}}};
    auto operation = std::make_unique<Operation>();
    Violations violations;
    rules_.Validate(**request, "", violations.list());
    AddFilter(method_, **request, shape, operation->values, violations);
    if (!violations.empty()) return violations.ToStatus();
    operation->values.Add(std::to_string(kFirstExportRows));
    operation->page_size = kFirstExportRows;
    operation->deadline = context.deadline;
    operation->retryable = Retryable::kYes;
    operation->statement = executor_.StatementOf(shape);
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
  const Message& prototype_;
  const Validator& rules_;
};

}  // namespace

std::unique_ptr<Handler> MakeExportHandler(const HandlerContext& context, const Method& method) {
  return std::make_unique<ExportHandler>(context, method);
}

}  // namespace dataservice
