// Import: a stream of requests of the Create method.
#include "serve/request/import_stream.h"
#include "serve/request/message_handler.h"

namespace dataservice {
namespace {

class ImportHandler : public Handler {
 public:
  ImportHandler(const HandlerContext& context, const Method& method)
      : method_(method),
        executor_(context.executor),
        create_(MakeWriteHandler(context, *method.element)) {}

  const std::string& path() const override { return method_.path; }

  // Of one message of the stream.
  absl::StatusOr<std::unique_ptr<Operation>> Prepare(
      google::protobuf::io::ZeroCopyInputStream& message,
      const RequestContext& context) const override {
    return create_->Prepare(message, context);
  }

  std::string Respond(const Operation&, Outcome outcome) const override {
    return std::move(outcome.bytes);
  }

  std::unique_ptr<Stream> Open(StreamTransport& transport, const RequestContext& context,
                               std::chrono::milliseconds operation_time) const override {
    return std::make_unique<ImportStream>(method_, *this, executor_, transport, context,
                                          operation_time);
  }

 private:
  const Method& method_;
  Executor& executor_;
  const std::unique_ptr<Handler> create_;
};

}  // namespace

std::unique_ptr<Handler> MakeImportHandler(const HandlerContext& context, const Method& method) {
  return std::make_unique<ImportHandler>(context, method);
}

}  // namespace dataservice
