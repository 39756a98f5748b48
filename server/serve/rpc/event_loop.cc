#include "serve/rpc/event_loop.h"

namespace dataservice {
namespace {

// While the completion queue has events, its threads do not look at the sockets. So they do that
// after so many events: otherwise a call that arrives waits until all others have been accepted.
constexpr int kEventsWithoutPoll = 64;

// With so many unary calls under way, connections take turns (EventTurns).
constexpr int64_t kCrowd = 128;
// Events that a thread holds for that at most.
constexpr size_t kMaxHeld = 1024;
// After so many turns it takes events that have come meanwhile.
constexpr int kTurnsOfRound = 16;

const gpr_timespec kAtOnce = gpr_time_0(GPR_CLOCK_MONOTONIC);

// Begins to handle an event (Call::Begin), and returns what waits for the turn of the connection;
// null if nothing does.
Call::Tag* Begin(void* tag, bool ok) {
  auto* const event = static_cast<Call::Tag*>(tag);
  return event->call->Begin(*event, ok) ? event : nullptr;
}

}  // namespace

void EventLoop::Run() {
  void* tag;
  bool ok;
  EventTurns turns;
  int events = 0;
  for (;;) {
    pollers_.BeginWait();
    const bool is_open = queue_.Next(&tag, &ok);
    pollers_.EndWait();
    if (!is_open) return;
    Call::Tag* const event = Begin(tag, ok);
    if (event != nullptr && connections_.unary_calls() >= kCrowd) {
      turns.Add(event->call->turns_of(), *event);
      TakeTurns(turns);
    } else if (event != nullptr) {
      event->call->Proceed(*event);
    }
    if (++events % kEventsWithoutPoll == 0) PollSockets();
  }
}

void EventLoop::TakeTurns(EventTurns& turns) {
  do {
    TakeEvents(turns);
    for (int i = 0; i < kTurnsOfRound && !turns.empty(); ++i) {
      const auto& event = static_cast<Call::Tag&>(turns.Take());
      Pollers::SetHolding(!turns.empty());
      event.call->Proceed(event);
    }
  } while (!turns.empty());
}

void EventLoop::TakeEvents(EventTurns& turns) {
  void* tag;
  bool ok;
  for (int i = 0; i < kEventsWithoutPoll && turns.size() < kMaxHeld; ++i) {
    if (queue_.AsyncNext(&tag, &ok, kAtOnce) != grpc::CompletionQueue::GOT_EVENT) return;
    Call::Tag* const event = Begin(tag, ok);
    if (event != nullptr) turns.Add(event->call->turns_of(), *event);
  }
  PollSockets();
}

void EventLoop::PollSockets() {
  void* tag;
  bool ok;
  sockets_.AsyncNext(&tag, &ok, kAtOnce);
}

}  // namespace dataservice
