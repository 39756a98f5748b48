// Accepts connections and gives them to gRPC. gRPC 1.51's own listener never accepts again once
// file descriptors have run out (CVE-2023-4785), and has no limits.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "serve/connection/client_connections.h"
#include "serve/connection/descriptor.h"
#include "serve/connection/listener.h"
#include "serve/connection/seldom.h"

namespace dataservice {

// max_connections, or fewer if the limit of file descriptors permits no more, which is in the log
// then. First raises that limit as far as the system lets it.
int MostConnections(const ConnectionLimits& limits);

// One thread accepts, and notices which connections gRPC has closed: it keeps a second descriptor
// of each. A connection beyond the limits is closed at once, also when descriptors have run out:
// one is kept for that.
class Acceptor {
 public:
  // Gets a socket and owns it then.
  using Serve = std::function<void(int socket)>;

  // INTERNAL if the system has no descriptors left. `connections` outlives it.
  static absl::StatusOr<std::unique_ptr<Acceptor>> Start(Listener listener,
                                                         ClientConnections& connections,
                                                         Serve serve);
  // Closes what is still open.
  ~Acceptor();

  int port() const { return listener_.port(); }

  // From its return on no connection is accepted: clients are refused.
  void StopAccepting();

 private:
  struct Open {
    Descriptor own;  // the second one
    std::shared_ptr<ClientConnection> connection;
  };

  Acceptor(Listener listener, ClientConnections& connections, Serve serve);
  absl::Status Prepare();
  bool Watch(int descriptor, uint32_t events);
  void Run();
  void HandleEvent(int descriptor);
  void AcceptAll(int listener);
  void Admit(Descriptor socket);
  // Closes the connection that waits first, for which there is no descriptor.
  void RefuseOne(int listener);
  void Report(const char* reason);

  Listener listener_;
  ClientConnections& connections_;
  const Serve serve_;
  Descriptor epoll_;
  Descriptor wake_;
  Descriptor spare_;
  Seldom report_;
  Seldom forget_;
  absl::flat_hash_map<int, Open> open_;  // by the second descriptor; only of the thread
  std::atomic<bool> accepting_{true};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace dataservice
