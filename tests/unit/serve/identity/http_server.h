// A local HTTP server that gives every request the same response, and can go away.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dataservice::test {

class HttpServer {
 public:
  HttpServer();
  ~HttpServer();

  std::string url() const;
  // The response, with its status line and header.
  void Respond(const std::string& status, const std::string& body);
  // While it is away, connections are closed without a response.
  void SetAway(bool away) { away_ = away; }
  int requests() const { return requests_; }

 private:
  void Serve();

  int socket_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> away_{false};
  std::atomic<int> requests_{0};
  absl::Mutex mutex_;
  std::string response_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace dataservice::test
