#include "serve/request/handlers.h"

#include "serve/request/message_handler.h"

namespace dataservice {

Handlers MakeHandlers(const HandlerContext& context) {
  Handlers handlers;
  for (const auto& method : context.contract.methods()) {
    switch (method->kind) {
      case MethodKind::kGet:
      case MethodKind::kDelete:
      case MethodKind::kCreate:
      case MethodKind::kUpdate:
      case MethodKind::kUpsert:
        handlers.unary.push_back(MakeRowHandler(context, *method));
        break;
      case MethodKind::kList:
        handlers.unary.push_back(MakeListHandler(context, *method));
        break;
      case MethodKind::kBatchGet:
        handlers.unary.push_back(MakeBatchGetHandler(context, *method));
        break;
      case MethodKind::kBatchCreate:
      case MethodKind::kBatchUpdate:
      case MethodKind::kBatchDelete:
        handlers.unary.push_back(MakeBatchWriteHandler(context, *method));
        break;
      case MethodKind::kImport:
        handlers.streams.push_back(MakeImportHandler(context, *method));
        break;
      case MethodKind::kExport:
        handlers.streams.push_back(MakeExportHandler(context, *method));
        break;
      case MethodKind::kCustom:
        break;
    }
  }
  return handlers;
}

std::unique_ptr<MessageHandler> MakeRowHandler(const HandlerContext& context,
                                               const Method& method) {
  if (method.kind == MethodKind::kGet) return MakeGetHandler(context, method);
  if (method.kind == MethodKind::kDelete) return MakeDeleteHandler(context, method);
  return MakeWriteHandler(context, method);
}

}  // namespace dataservice
