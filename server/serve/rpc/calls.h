// dataservice.v1.CallService: many unary calls in the messages of one stream
// (proto/dataservice/v1/calls.proto), which gateways use.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "serve/identity/authenticator.h"
#include "serve/request/stream.h"
#include "serve/request/unary.h"
#include "serve/rpc/pollers.h"

namespace dataservice {

// What the calls of a stream need of the server. The handlers outlive the streams.
struct CallsContext {
  // The handler of a path; null for one that is no unary method.
  std::function<const UnaryHandler*(std::string_view path)> find_handler;
  // Decides on a call of a path (Admitter::Admit).
  std::function<absl::StatusOr<Admission>(const RequestMetadata& call, std::string_view path)>
      admit;
  // The time of a call without a deadline.
  std::chrono::milliseconds default_deadline;
  // The threads that read messages, and execute lone calls. Outlive the streams.
  Pollers& pollers;
  // Null if nobody observes.
  CallObserver* observer = nullptr;
};

std::unique_ptr<StreamHandler> MakeCallsHandler(CallsContext context);

}  // namespace dataservice
