// One method: its request's bytes -> an Operation, and an Outcome -> its
// response's bytes.
#pragma once

#include <google/protobuf/io/zero_copy_stream.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "contract/contract.h"
#include "execution/executor.h"
#include "request/page_token.h"

namespace dataservice {

// What a request says beside its message.
struct RequestContext {
  Operation::TimePoint deadline;
  // Metadata if-match and if-none-match: the HTTP fields' values (RFC 9110,
  // 13.1), empty if absent.
  std::string_view if_match;
  std::string_view if_none_match;
  // Metadata idempotency-key; absent if it was not sent.
  std::optional<std::string_view> idempotency_key = std::nullopt;
  // Says who calls, for requests that are claimed; may be empty.
  std::function<std::string()> caller = nullptr;
};

// Immutable; thread-safe.
class Handler {
 public:
  virtual ~Handler() = default;

  // "/package.Service/Method"
  virtual const std::string& path() const = 0;

  // Everything that can be wrong with a request ends here, all violations at
  // once, and nothing has been touched. The operation lacks its completion.
  virtual absl::StatusOr<std::unique_ptr<Operation>> Prepare(
      google::protobuf::io::ZeroCopyInputStream& request, const RequestContext& context) const = 0;

  // The response's wire bytes.
  virtual std::string Respond(const Operation& operation, Outcome outcome) const = 0;
};

// What handlers share. All of it outlives them.
struct HandlerContext {
  const Contract& contract;
  Executor& executor;
  const PageTokenSigner& signer;
};

// The handlers of all methods of the contract.
std::vector<std::unique_ptr<Handler>> MakeHandlers(const HandlerContext& context);

std::unique_ptr<Handler> MakeListHandler(const HandlerContext& context, const Method& method);

}  // namespace dataservice
