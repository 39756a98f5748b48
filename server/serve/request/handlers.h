// The handlers of a contract's methods.
#pragma once

#include <memory>
#include <vector>

#include "contract/contract.h"
#include "serve/execution/executor.h"
#include "serve/reader/reader.h"
#include "serve/request/operation_handler.h"
#include "serve/request/page_token.h"
#include "serve/request/stream.h"

namespace dataservice {

// What handlers share. All of it outlives them.
struct HandlerContext {
  const Contract& contract;
  Executor& executor;
  const PageTokenSigner& signer;
  // Null if there is none.
  Reader* reader = nullptr;
};

struct Handlers {
  std::vector<std::unique_ptr<OperationHandler>> unary;
  std::vector<std::unique_ptr<StreamHandler>> streams;
};

// The handlers of all methods of the contract, without the custom ones.
Handlers MakeHandlers(const HandlerContext& context);

std::unique_ptr<OperationHandler> MakeListHandler(const HandlerContext& context,
                                                  const Method& method);
std::unique_ptr<StreamHandler> MakeImportHandler(const HandlerContext& context,
                                                 const Method& method);
std::unique_ptr<StreamHandler> MakeExportHandler(const HandlerContext& context,
                                                 const Method& method);

}  // namespace dataservice
