// How long one client may hold a thread that others need, too.
#pragma once

#include <chrono>
#include <cstdint>

#include "serve/connection/listener.h"

namespace dataservice {

struct ClientPatience {
  std::chrono::milliseconds longest;
  std::chrono::milliseconds while_others_wait;
};

// Belongs to one thread. The time of the client begins with the object.
class ClientWait {
 public:
  // Awaits `event` of poll() on `socket`. Other clients wait if `listener` has connections that
  // nobody has accepted. It outlives this.
  ClientWait(int socket, int16_t event, ClientPatience patience, const Listener& listener)
      : socket_(socket), event_(event), patience_(patience), listener_(listener) {}

  // Waits until the socket is ready, or has failed. False if the client's time is over; never at
  // once if it is ready at the first call, however busy the machine is.
  bool Await();

 private:
  bool IsOver() const;
  bool OthersWait() const;

  const int socket_;
  const int16_t event_;
  const ClientPatience patience_;
  const Listener& listener_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  bool has_looked_ = false;
};

}  // namespace dataservice
