// A TCP relay with a delay.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "delayed_pipe.h"

namespace bench {

// Listens on 127.0.0.1 and relays each connection to a port of 127.0.0.1,
// delaying each direction. One thread; Run() does not return but by an
// exception (std::system_error).
class Relay {
 public:
  Relay(int listen_port, int target_port, std::chrono::microseconds delay);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay();

  [[noreturn]] void Run();

 private:
  struct Connection;

  void Accept();
  // Waits for a socket, or until a piece is due.
  void Wait();
  void Serve(Connection& connection);
  void Watch(Connection& connection);

  const int target_port_;
  const std::chrono::microseconds delay_;
  int epoll_ = -1;
  int listener_ = -1;
  std::list<std::unique_ptr<Connection>> connections_;
};

}  // namespace bench
