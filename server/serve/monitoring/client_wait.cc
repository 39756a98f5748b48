#include "serve/monitoring/client_wait.h"

#include <poll.h>

#include <vector>

namespace dataservice {
namespace {

// Between two looks at the clients that wait.
constexpr int kLookMilliseconds = 50;

}  // namespace

bool ClientWait::Await() {
  while (!has_looked_ || !IsOver()) {
    has_looked_ = true;
    pollfd client{socket_, event_, 0};
    if (poll(&client, 1, kLookMilliseconds) > 0) return true;
  }
  return false;
}

bool ClientWait::IsOver() const {
  const auto taken = std::chrono::steady_clock::now() - begin_;
  return taken >= patience_.longest || (taken >= patience_.while_others_wait && OthersWait());
}

bool ClientWait::OthersWait() const {
  std::vector<pollfd> sockets;
  for (const Descriptor& socket : listener_.sockets()) sockets.push_back({socket.get(), POLLIN, 0});
  return poll(sockets.data(), sockets.size(), 0) > 0;
}

}  // namespace dataservice
