// A unary call: its other end (UnaryCall), which is gRPC in production, and what serves it
// (UnaryHandler).
#pragma once

#include <google/protobuf/io/zero_copy_stream.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "serve/execution/operation.h"
#include "serve/request/call_observer.h"
#include "serve/request/call_record.h"
#include "serve/request/json_response.h"
#include "serve/request/request_context.h"

namespace dataservice {

class OperationHandler;

struct Response {
  // The message's wire bytes, or its JSON (json_response.h).
  std::string message;
  // The request created a row.
  bool created = false;
  // The values of fields that a call for JSON asked for.
  std::vector<std::string> values = {};
  // The rows of a page that are JSON already (PageWork::json); they are not part of `message`.
  std::optional<std::string> rows = std::nullopt;
  // A reader answered, and the response may be stale (read_consistency.h).
  bool from_reader = false;
  // Of a write, if there is a reader; otherwise empty.
  std::string consistency_token = {};
};

// Gets its response or its error, once, from any thread, and must not be used afterwards. It
// is the completion of the operation that an OperationHandler makes of its request.
class UnaryCall : public Completion {
 public:
  virtual void Respond(const Response& response) = 0;
  virtual void Finish(const absl::Status& error) = 0;

  // Whether the thread that calls Handle() may execute the operation, which can take until the
  // call's deadline: other threads read the requests that arrive meanwhile.
  virtual bool may_execute() const { return false; }
  // Whether calls come one at a time, so that nothing else needs the core of that thread.
  virtual bool comes_alone() const { return false; }

 protected:
  CallObservation observation_;

 private:
  friend class OperationHandler;

  // The response without the fields that are hidden from the caller.
  absl::StatusOr<Response> ResponseOf(Operation& operation, Outcome outcome) const;
  void Succeed(Operation& operation, Outcome outcome) final;
  void Fail(Operation& operation, absl::Status status) final;

  // Of the operation.
  const OperationHandler* handler_ = nullptr;
  CallRecord record_;
  AccessPtr access_;
  std::optional<JsonResponse> json_;  // for a call that asked for JSON
};

// One unary method. Immutable; thread-safe.
class UnaryHandler {
 public:
  virtual ~UnaryHandler() = default;

  // "/package.Service/Method"
  virtual const std::string& path() const = 0;
  // Its calls are not identified: everybody may make them, and their caller is anonymous.
  virtual bool is_open() const { return false; }

  // Serves a call whose request has these bytes, which are read before this returns. The call
  // gets its response now or later. Does not block.
  virtual void Handle(google::protobuf::io::ZeroCopyInputStream& request,
                      const RequestContext& context, UnaryCall& call) const = 0;
};

}  // namespace dataservice
