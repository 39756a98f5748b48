// Import: a stream of requests of the Create method.
#include "serve/request/import_stream.h"
#include "serve/request/message_handler.h"

namespace dataservice {
namespace {

class ImportHandler : public StreamHandler {
 public:
  ImportHandler(const HandlerContext& context, const Method& method)
      : method_(method),
        executor_(context.executor),
        create_(MakeWriteHandler(context, *std::get<ImportMethod>(method.fields).element)) {}

  const std::string& path() const override { return method_.path; }

  std::unique_ptr<Stream> Open(StreamTransport& transport, const RequestContext& context,
                               std::chrono::milliseconds operation_time) const override {
    return std::make_unique<ImportStream>(method_, *create_, executor_, transport, context,
                                          operation_time);
  }

 private:
  const Method& method_;
  Executor& executor_;
  const std::unique_ptr<OperationHandler> create_;
};

}  // namespace

std::unique_ptr<StreamHandler> MakeImportHandler(const HandlerContext& context,
                                                 const Method& method) {
  return std::make_unique<ImportHandler>(context, method);
}

}  // namespace dataservice
