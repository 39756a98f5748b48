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
#include "serve/execution/executor.h"
#include "serve/request/page_token.h"
#include "serve/request/stream.h"

namespace dataservice {

// The metadata of a call.
class RequestMetadata {
 public:
  virtual ~RequestMetadata() = default;
  // The first value of that name (in lower case); empty if there is none.
  virtual std::string_view Metadata(const char* name) const = 0;
};

// What a request says beside its message.
struct RequestContext {
  // For a stream without a deadline: max().
  Operation::TimePoint deadline;
  // Metadata if-match and if-none-match: the HTTP fields' values (RFC 9110,
  // 13.1); absent if they were not sent.
  std::optional<std::string_view> if_match = std::nullopt;
  std::optional<std::string_view> if_none_match = std::nullopt;
  // Metadata idempotency-key; absent if it was not sent.
  std::optional<std::string_view> idempotency_key = std::nullopt;
  // Says who calls, for requests that are claimed; may be empty.
  std::function<std::string()> caller = nullptr;
  // Reads the message of the request again, from its first byte, to say why it is
  // none; null where that cannot be done.
  std::function<std::unique_ptr<google::protobuf::io::ZeroCopyInputStream>()> reread = nullptr;
  // All of it. Lives as long as the operation's completion; null in tests.
  const RequestMetadata* metadata = nullptr;
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

  // Begins a stream; null for a unary method, which Prepare and Respond serve. A
  // single operation of the stream gets `operation_time` at most.
  virtual std::unique_ptr<Stream> Open(StreamTransport& transport, const RequestContext& context,
                                       std::chrono::milliseconds operation_time) const {
    return nullptr;
  }
};

// What handlers share. All of it outlives them.
struct HandlerContext {
  const Contract& contract;
  Executor& executor;
  const PageTokenSigner& signer;
};

// The handlers of all methods of the contract, without the custom ones.
std::vector<std::unique_ptr<Handler>> MakeHandlers(const HandlerContext& context);

std::unique_ptr<Handler> MakeExportHandler(const HandlerContext& context, const Method& method);
std::unique_ptr<Handler> MakeImportHandler(const HandlerContext& context, const Method& method);
std::unique_ptr<Handler> MakeListHandler(const HandlerContext& context, const Method& method);

}  // namespace dataservice
