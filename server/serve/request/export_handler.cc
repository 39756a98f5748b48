// Export: all rows of a resource, or those of a filter, as a stream in the order
// of their keys.
#include "serve/request/export_query.h"
#include "serve/request/export_stream.h"
#include "serve/request/handlers.h"

namespace dataservice {
namespace {

class ExportHandler : public StreamHandler {
 public:
  ExportHandler(const HandlerContext& context, const Method& method)
      : path_(method.path),
        executor_(context.executor),
        reader_(context.reader),
        parser_(context, method) {}

  const std::string& path() const override { return path_; }

  std::unique_ptr<Stream> Open(StreamTransport& transport, const RequestContext& context,
                               std::chrono::milliseconds operation_time) const override {
    return std::make_unique<ExportStream>(
        parser_, executor_, transport, context, operation_time,
        [] { return ExportStream::Clock::now(); }, reader_);
  }

 private:
  const std::string& path_;
  Executor& executor_;
  Reader* const reader_;
  const ExportQueryParser parser_;
};

}  // namespace

std::unique_ptr<StreamHandler> MakeExportHandler(const HandlerContext& context,
                                                 const Method& method) {
  return std::make_unique<ExportHandler>(context, method);
}

}  // namespace dataservice
