// A small HTTP/1.1 server for operators: GET, one request a connection.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "serve/connection/listener.h"

namespace dataservice {

struct HttpRequest {
  std::string path;   // without the query
  std::string query;  // without "?"; not decoded
  // The client is of this machine, and asked for a name of this machine: not for that of a page in
  // a browser, whose name may resolve to it.
  bool is_local = false;
};

struct HttpResponse {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

// Thread-safe.
class MetricsServer {
 public:
  // May block; is called by several threads.
  using Handler = std::function<HttpResponse(const HttpRequest&)>;

  // UNAVAILABLE if another socket listens there, INVALID_ARGUMENT if the address has no known
  // form (serve/connection/listen_address.h).
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Start(const std::string& address,
                                                              Handler handler);
  // Waits for the handlers that are called.
  ~MetricsServer();

  int port() const { return listener_.port(); }

 private:
  MetricsServer(Listener listener, Handler handler);
  void Run();
  void Serve(int socket) const;

  Listener listener_;
  const Handler handler_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
};

}  // namespace dataservice
