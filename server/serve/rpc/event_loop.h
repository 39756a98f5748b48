// How the threads of the server handle the events of calls.
#pragma once

#include <grpcpp/grpcpp.h>

#include "serve/connection/client_connections.h"
#include "serve/rpc/call.h"
#include "serve/rpc/event_turns.h"
#include "serve/rpc/pollers.h"

namespace dataservice {

// Takes the tags of calls (Call::Tag) out of gRPC's completion queue and handles them, in the order
// in which they come, or, while many unary calls are under way, with the connections taking turns.
// Run() may be called by many threads at once.
class EventLoop {
 public:
  // What it uses has to outlive it.
  EventLoop(grpc::CompletionQueue& queue, Pollers& pollers, const ClientConnections& connections)
      : queue_(queue), pollers_(pollers), connections_(connections) {}
  ~EventLoop() { sockets_.Shutdown(); }

  // Handles events until the queue is shut down and empty.
  void Run();

 private:
  // Handles these events and those that come meanwhile, until none is left.
  void TakeTurns(EventTurns& turns);
  // Takes events that wait in the queue, and looks at the sockets, as the queue does itself when
  // no more wait.
  void TakeEvents(EventTurns& turns);
  // Reads what has arrived at one of the sockets, if no other thread does. A queue without events
  // is all that gRPC has for that.
  void PollSockets();

  grpc::CompletionQueue& queue_;
  Pollers& pollers_;
  const ClientConnections& connections_;
  grpc::CompletionQueue sockets_;  // PollSockets
};

}  // namespace dataservice
