// The events of calls that a thread has taken out of gRPC's completion queue.
#pragma once

#include <cstddef>
#include <deque>

#include "absl/container/flat_hash_map.h"

namespace dataservice {

// An event of a call; it waits in one queue at a time.
struct CallEvent {
  bool ok = false;            // what the completion queue says of it
  CallEvent* next = nullptr;  // of the same connection
};

// Lets connections take turns, one event each. The completion queue is first in, first out: the
// call of a client that makes one at a time would wait until the hundreds of calls that came before
// it on another connection have been read and submitted. For one thread.
class EventTurns {
 public:
  bool empty() const { return turns_.empty(); }
  size_t size() const { return size_; }

  // Adds an event behind those of its connection. It is not freed before it is taken.
  void Add(const void* connection, CallEvent& event);
  // Takes the next event; there is one.
  CallEvent& Take();

 private:
  struct Line {
    CallEvent* first;
    CallEvent* last;
  };

  absl::flat_hash_map<const void*, Line> lines_;  // none of them empty
  std::deque<const void*> turns_;                 // their connections
  size_t size_ = 0;
};

}  // namespace dataservice
