// One call, from its acceptance to its end.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "serve/connection/client_connections.h"
#include "serve/request/stream.h"
#include "serve/request/unary.h"
#include "serve/rpc/call_source.h"
#include "serve/rpc/event_turns.h"
#include "serve/rpc/open_calls.h"
#include "serve/rpc/pollers.h"

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
  // Accepts one more call of the source.
  virtual void AcceptNext(CallSource& source) = 0;
  // The threads that handle tags.
  virtual Pollers& pollers() = 0;
  virtual OpenCalls& open_calls() = 0;
  // Null if nobody observes.
  virtual CallObserver* observer() const = 0;
  virtual const ClientConnections& connections() const = 0;
  // In steps of the timer: the times for the message of a call to arrive, and for its answer to
  // be received.
  virtual Tick request_ticks() const = 0;
  virtual Tick unread_ticks() const = 0;
  // Frees a call that nothing holds any more.
  virtual void Free(Call* call) = 0;
};

// A call, unary or a stream, as its handler sees it and as gRPC does. Its tags in the
// completion queue, and a stream's operations, hold it; the last release frees it.
class Call final : private UnaryCall,
                   private StreamTransport,
                   private RequestMetadata,
                   private OpenCall {
 public:
  enum class Event { kAccepted, kRead, kWritten, kFinished, kDone };
  // What the completion queue returns: an event of a call.
  struct Tag : CallEvent {
    Tag(Call* call, Event event) : call(call), event(event) {}

    Call* const call;
    const Event event;
  };

  // Waits for a call of the source, which outlives it.
  Call(Edge& edge, CallSource& source);
  ~Call() override;

  // Handles a tag that the completion queue returned, or, if it returns true, the part that takes
  // no time: Proceed() does the rest, until which the call is kept. Otherwise it may be freed
  // already.
  bool Begin(Tag& tag, bool ok);
  // Does what Begin() has left, in the turn of the connection. The call may be freed before this
  // returns.
  void Proceed(const Tag& tag);
  // Whose turn that is; not null once Begin() has returned true.
  const void* turns_of() const { return connection_.get(); }

 private:
  using TimePoint = std::chrono::system_clock::time_point;

  // What a call waits for, and since when.
  enum class Phase : uint32_t {
    kRequest,  // its client: the message, of a call that has one
    kWork,     // nothing that this class watches
    kReceipt,  // its client: to receive the answer, or a message of a stream
  };
  struct State {
    Phase phase;
    Tick since;
  };

  // Counts the call; false if it is refused.
  bool OnAccepted();
  // Finds out what serves the call, and whether its caller may make it.
  void OnTurn();
  void OpenStream(const StreamHandler& handler);
  void OnUnaryRead(bool ok);
  void OnStreamRead(bool ok);
  void OnWritten(bool ok);
  // The call is handled from now on (Pollers::BeginCall).
  void BeginWork();
  // Its answer is about to be sent.
  void EndWork();
  void Enter(Phase phase);
  // Leaves the phase; false if another thread has done that.
  bool Leave(Phase phase);
  // As Reserve, whatever the limits are.
  void Keep(size_t bytes);
  void AddConsistencyToken(const std::string& token);
  void WriteLast(std::string_view message);
  // Ends a call whose message is too long.
  void RefuseLength();
  bool HasDeadline() const;
  TimePoint Deadline() const;
  // False if the call is refused, which ends it.
  bool IsAdmitted();
  RequestContext Context(TimePoint deadline);

  // UnaryCall.
  void Respond(const Response& response) override;
  // UnaryCall and StreamTransport.
  void Finish(const absl::Status& status) override;
  bool may_execute() const override { return edge_.pollers().has_spare(); }
  bool comes_alone() const override { return edge_.pollers().one_at_a_time(); }
  bool cancelled() const override { return cancelled_.load(std::memory_order_relaxed); }
  // StreamTransport.
  void Read() override;
  void Write(std::string_view message) override;
  void FinishWith(std::string_view message, const std::string& consistency_token) override;
  bool Reserve(size_t bytes) override;
  void Unreserve(size_t bytes) override;
  bool TakeCall() override { return connection_->Take(Counted::kCarriedCalls, 1); }
  void GiveCall() override { connection_->Give(Counted::kCarriedCalls, 1); }
  void Cancel() override { context_.TryCancel(); }
  bool draining() const override { return edge_.open_calls().refusing(); }
  void Hold() override { holds_.fetch_add(1, std::memory_order_relaxed); }
  // StreamTransport and OpenCall.
  void Release() override;
  // OpenCall.
  bool IsOverdue(Tick now) const override;
  void GiveUp() override;
  void OnTick() override;
  bool TryHold() override;
  // RequestMetadata.
  std::optional<std::string_view> Find(std::string_view name) const override;
  bool HasSeveral(std::string_view name) const override;
  AuthorizationValues Authorization() const override;
  Peer ClientOfConnection() const override;
  uint64_t connection() const override;
  uint64_t client() const override;

  Edge& edge_;
  CallSource& source_;
  std::shared_ptr<ClientConnection> connection_;  // once the call is accepted
  bool is_counted_ = false;                       // by the connection, as what the source says
  bool is_stream_ = false;                        // and counted as one
  bool is_under_way_ = false;                     // for Pollers
  grpc::GenericServerContext context_;
  grpc::GenericServerAsyncReaderWriter stream_{&context_};
  grpc::ByteBuffer request_;             // the message that is read next
  grpc::ByteBuffer* message_ = nullptr;  // the one that is being handled
  Route route_;
  Admission admission_;
  std::atomic<bool> cancelled_{false};
  std::unique_ptr<Stream> body_;  // of a stream
  std::atomic<bool> ended_{false};
  std::atomic<State> state_{State{Phase::kWork, 0}};
  std::atomic<size_t> kept_{0};     // bytes of answers
  std::atomic<size_t> writing_{0};  // of them, of the message that is written
  // One for kFinished and one for kDone, in any order, once the call is accepted; one more for
  // each other tag and for each operation of a stream.
  std::atomic<int> holds_{2};
  Tag accepted_{this, Event::kAccepted};
  Tag read_{this, Event::kRead};
  Tag written_{this, Event::kWritten};
  Tag finished_{this, Event::kFinished};
  Tag done_{this, Event::kDone};
};

}  // namespace dataservice
