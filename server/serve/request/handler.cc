#include "serve/request/handler.h"

#include "serve/request/message_handler.h"

namespace dataservice {

std::vector<std::unique_ptr<Handler>> MakeHandlers(const HandlerContext& context) {
  std::vector<std::unique_ptr<Handler>> handlers;
  for (const auto& method : context.contract.methods()) {
    switch (method->kind) {
      case MethodKind::kGet:
      case MethodKind::kDelete:
        handlers.push_back(MakeKeyHandler(context, *method));
        break;
      case MethodKind::kList:
        handlers.push_back(MakeListHandler(context, *method));
        break;
      case MethodKind::kCreate:
      case MethodKind::kUpdate:
      case MethodKind::kUpsert:
        handlers.push_back(MakeWriteHandler(context, *method));
        break;
      case MethodKind::kBatchGet:
      case MethodKind::kBatchCreate:
      case MethodKind::kBatchUpdate:
      case MethodKind::kBatchDelete:
        handlers.push_back(MakeBatchHandler(context, *method));
        break;
      case MethodKind::kImport:
        handlers.push_back(MakeImportHandler(context, *method));
        break;
      case MethodKind::kExport:
        handlers.push_back(MakeExportHandler(context, *method));
        break;
      case MethodKind::kCustom:
        break;
    }
  }
  return handlers;
}

}  // namespace dataservice
