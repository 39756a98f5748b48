#include "serve/rpc/event_turns.h"

namespace dataservice {

void EventTurns::Add(const void* connection, CallEvent& event) {
  event.next = nullptr;
  ++size_;
  const auto [line, is_new] = lines_.try_emplace(connection, Line{&event, &event});
  if (is_new) {
    turns_.push_back(connection);
  } else {
    line->second.last->next = &event;
    line->second.last = &event;
  }
}

CallEvent& EventTurns::Take() {
  const void* connection = turns_.front();
  turns_.pop_front();
  --size_;
  const auto line = lines_.find(connection);
  CallEvent& event = *line->second.first;
  line->second.first = event.next;
  if (event.next == nullptr) {
    lines_.erase(line);
  } else {
    turns_.push_back(connection);
  }
  return event;
}

}  // namespace dataservice
