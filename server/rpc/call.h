// One call, from its acceptance to its end.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <optional>
#include <string>

#include "execution/operation.h"
#include "request/handler.h"

namespace dataservice {

// What all calls share. Outlives them.
struct Edge {
  virtual ~Edge() = default;
  // Null for a path that is no method of the contract.
  virtual const Handler* FindHandler(const std::string& path) const = 0;
  virtual Executor& executor() = 0;
  virtual std::chrono::milliseconds default_deadline() const = 0;
  // Accepts one more call.
  virtual void AcceptNext() = 0;
  // A call has come; false if it must be refused, because the server stops.
  virtual bool Enter() = 0;
  // A call that came is over.
  virtual void Leave() = 0;
};

// A unary call. Its tags in the completion queue own it: the thread that takes
// the last one frees it. Answered from a worker's thread.
class Call final : public Completion {
 public:
  enum class Event { kAccepted, kRead, kFinished, kDone };
  struct Tag {
    Call* call;
    Event event;
  };

  // Waits for a call on `service`.
  Call(Edge& edge, grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue);
  ~Call() override;

  // Handles a tag; true if it was the last, and the caller frees the call.
  bool Proceed(Event event, bool ok);

  void Succeed(Operation& operation, Outcome outcome) override;
  void Fail(Operation& operation, absl::Status status) override;
  bool cancelled() const override { return cancelled_.load(std::memory_order_relaxed); }

 private:
  void OnAccepted();
  void OnRead(bool ok);
  Operation::TimePoint Deadline() const;
  std::optional<std::string_view> Metadata(const char* name) const;
  // Who calls: the peer's authenticated identity, or its authorization.
  std::string Caller() const;
  void Finish(const absl::Status& status);

  Edge& edge_;
  bool entered_ = false;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_{&context_};
  grpc::ByteBuffer request_;
  const Handler* handler_ = nullptr;
  std::atomic<bool> cancelled_{false};
  // Tags to come once accepted: that of the step under way, and kDone, which may
  // be handled first.
  std::atomic<int> tags_{2};
  Tag accepted_{this, Event::kAccepted};
  Tag read_{this, Event::kRead};
  Tag finished_{this, Event::kFinished};
  Tag done_{this, Event::kDone};
};

}  // namespace dataservice
