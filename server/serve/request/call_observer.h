// Who observes calls, and what is known of a call that ends.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "serve/execution/observer.h"
#include "serve/request/request_context.h"

namespace dataservice {

struct Operation;

struct CallReport {
  // "/package.Service/Method"; empty for a path that no method has.
  std::string_view path;
  const absl::Status& status;
  SteadyTime began;
  SteadyTime ended;
  // The call is a stream, which lasts as long as its client likes.
  bool is_stream = false;
  // Bytes of the response.
  size_t bytes = 0;
  // Of the operation of a unary call; `created` is the epoch if there is none.
  OperationTimes times;
  const Caller& caller;
  const RequestMetadata& metadata;
};

// Thread-safe; does not block.
class CallObserver {
 public:
  virtual ~CallObserver() = default;

  virtual void OnCallBegin() = 0;
  // Before the client gets the response.
  virtual void OnCallEnd(const CallReport& report) = 0;
};

// What a call keeps for its observer. Belongs to the call.
class CallObservation {
 public:
  // `observer` outlives the call; null: nobody observes.
  void Begin(CallObserver* observer) {
    observer_ = observer;
    if (observer == nullptr) return;
    began_ = std::chrono::steady_clock::now();
    observer->OnCallBegin();
  }
  void SetPath(std::string_view path) { path_ = path; }
  void SetCaller(const CallerPtr& caller) {
    if (observer_ != nullptr) caller_ = caller;
  }
  void SetTimes(const Operation& operation);
  void End(const absl::Status& status, const RequestMetadata& metadata, bool is_stream,
           size_t bytes) const;

 private:
  CallObserver* observer_ = nullptr;
  SteadyTime began_;
  std::string_view path_;
  CallerPtr caller_;
  OperationTimes times_;
};

}  // namespace dataservice
