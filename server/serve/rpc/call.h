// One call, from its acceptance to its end.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "serve/request/stream.h"
#include "serve/request/unary.h"

namespace dataservice {

class Call;

// What serves a method; empty for an unknown one.
using Route = std::variant<std::monostate, const UnaryHandler*, const StreamHandler*>;

// What all calls share. Outlives them.
struct Edge {
  virtual ~Edge() = default;
  // The route of a path, "/package.Service/Method".
  virtual Route FindRoute(std::string_view path) const = 0;
  virtual std::chrono::milliseconds default_deadline() const = 0;
  // Decides on a call of the path (Admitter::Admit).
  virtual absl::StatusOr<Admission> Admit(const RequestMetadata& call,
                                          std::string_view path) const = 0;
  // Accepts one more call.
  virtual void AcceptNext() = 0;
  // Counts a call that began; false if it must be refused, because the server stops.
  virtual bool Enter() = 0;
  // Several threads handle tags, so that one of them may be held up.
  virtual bool has_spare_thread() const = 0;
  // Counts a call that ended.
  virtual void Leave() = 0;
  // The server stops. Thread-safe, without a lock.
  virtual bool draining() const = 0;
  // Frees a call that nothing holds any more.
  virtual void Free(Call* call) = 0;
};

// A call, unary or a stream, as its handler sees it and as gRPC does. Its tags in the
// completion queue, and a stream's operations, hold it; the last release frees it.
class Call final : private UnaryCall, private StreamTransport, private RequestMetadata {
 public:
  enum class Event { kAccepted, kRead, kWritten, kTick, kFinished, kDone };
  struct Tag {
    Call* call;
    Event event;
  };

  // Waits for a call on `service`.
  Call(Edge& edge, grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue);
  ~Call() override;

  // Handles a tag. The call may be freed before this returns.
  void Proceed(Event event, bool ok);

 private:
  using TimePoint = std::chrono::system_clock::time_point;

  void OnAccepted();
  void OpenStream(const StreamHandler& handler);
  void OnUnaryRead(bool ok);
  void OnStreamRead(bool ok);
  void OnTick();
  bool HasDeadline() const;
  TimePoint Deadline() const;
  // False if the call is refused, which ends it.
  bool IsAdmitted();
  RequestContext Context(TimePoint deadline);

  // UnaryCall.
  void Respond(const Response& response) override;
  // UnaryCall and StreamTransport.
  void Finish(const absl::Status& status) override;
  bool may_execute() const override { return edge_.has_spare_thread(); }
  bool cancelled() const override { return cancelled_.load(std::memory_order_relaxed); }
  // StreamTransport.
  void Read() override;
  void Write(std::string_view message) override;
  void FinishWith(std::string_view message) override;
  void Cancel() override { context_.TryCancel(); }
  bool draining() const override { return edge_.draining(); }
  void Hold() override { holds_.fetch_add(1, std::memory_order_relaxed); }
  void Release() override;
  // RequestMetadata.
  std::optional<std::string_view> Find(std::string_view name) const override;
  AuthorizationValues Authorization() const override;
  Peer ClientOfConnection() const override;

  // Sets the alarm of the next tick.
  void Arm();

  Edge& edge_;
  grpc::ServerCompletionQueue& queue_;
  bool entered_ = false;
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_{&context_};
  grpc::ByteBuffer request_;
  Route route_;
  Admission admission_;
  std::atomic<bool> cancelled_{false};
  std::unique_ptr<Stream> body_;  // of a stream
  std::atomic<bool> ended_{false};
  grpc::Alarm alarm_;
  // One for kFinished and one for kDone, in any order, once the call is accepted; one more for
  // each other tag and for each operation of a stream.
  std::atomic<int> holds_{2};
  Tag accepted_{this, Event::kAccepted};
  Tag read_{this, Event::kRead};
  Tag written_{this, Event::kWritten};
  Tag tick_{this, Event::kTick};
  Tag finished_{this, Event::kFinished};
  Tag done_{this, Event::kDone};
};

}  // namespace dataservice
