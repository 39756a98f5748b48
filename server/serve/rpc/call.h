// One call, from its acceptance to its end.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "serve/execution/operation.h"
#include "serve/request/handler.h"

namespace dataservice {

class Call;

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
  // The server stops. Thread-safe, without a lock.
  virtual bool draining() const = 0;
  // Frees a call that nothing holds any more.
  virtual void Free(Call* call) = 0;
};

// A call, unary or a stream. Its tags in the completion queue, and a stream's
// operations, hold it: who releases it last frees it. A unary call is answered
// from a worker's thread; a stream does what its handler's Stream says.
class Call final : public Completion, private StreamTransport, private RequestMetadata {
 public:
  enum class Event { kAccepted, kRead, kWritten, kTick, kFinished, kDone };
  struct Tag {
    Call* call;
    Event event;
  };

  // Waits for a call on `service`.
  Call(Edge& edge, grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue);
  ~Call() override;

  // Handles a tag. The call may be gone afterwards.
  void Proceed(Event event, bool ok);

  void Succeed(Operation& operation, Outcome outcome) override;
  void Fail(Operation& operation, absl::Status status) override;
  bool cancelled() const override { return cancelled_.load(std::memory_order_relaxed); }

 private:
  void OnAccepted();
  void OnRead(bool ok);
  void OnTick();
  bool HasDeadline() const;
  Operation::TimePoint Deadline() const;
  RequestContext Context(Operation::TimePoint deadline);

  // StreamTransport; Finish is a unary call's too.
  void Read() override;
  void Write(std::string_view message) override;
  void Finish(const absl::Status& status) override;
  void FinishWith(std::string_view message) override;
  void Cancel() override { context_.TryCancel(); }
  bool draining() const override { return edge_.draining(); }
  void Hold() override { holds_.fetch_add(1, std::memory_order_relaxed); }
  void Release() override;
  std::optional<std::string_view> FindMetadata(const char* name) const;
  // Who calls: the peer's authenticated identity, or its authorization.
  std::string Caller() const;
  // RequestMetadata.
  std::string_view Metadata(const char* name) const override;

  // Makes the next tick come.
  void Arm();

  Edge& edge_;
  grpc::ServerCompletionQueue& queue_;
  bool entered_ = false;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_{&context_};
  grpc::ByteBuffer request_;
  const Handler* handler_ = nullptr;
  std::atomic<bool> cancelled_{false};
  std::unique_ptr<Stream> body_;  // null for a unary call
  std::atomic<bool> ended_{false};
  grpc::Alarm alarm_;
  // Once accepted: the way to kFinished, and kDone, which may be handled first; and
  // for each further tag, and a stream's operation, one more.
  std::atomic<int> holds_{2};
  Tag accepted_{this, Event::kAccepted};
  Tag read_{this, Event::kRead};
  Tag written_{this, Event::kWritten};
  Tag tick_{this, Event::kTick};
  Tag finished_{this, Event::kFinished};
  Tag done_{this, Event::kDone};
};

}  // namespace dataservice
