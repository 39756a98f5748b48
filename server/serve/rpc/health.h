// grpc.health.v1.Health (the gRPC health checking protocol). gRPC 1.51 has a
// service of its own for it, but on the callback API, whose threads would take
// part in the polling of every other call.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "serve/request/stream.h"
#include "serve/request/unary.h"

namespace dataservice {

inline constexpr char kHealthService[] = "grpc.health.v1.Health";

// "/grpc.health.v1.Health/Check"
std::string HealthCheckPath();

// The services and whether they serve. Thread-safe.
class Health {
 public:
  // `services` by their full names. The empty name, which means the server, is always known.
  explicit Health(std::set<std::string> services);

  void SetServing(bool serving) { serving_ = serving; }

  bool serving() const { return serving_; }

  // The wire bytes of a HealthCheckResponse. Of Watch, an unknown service is
  // SERVICE_UNKNOWN.
  std::string Response(const std::string& service) const;
  bool Knows(const std::string& service) const { return services_.contains(service); }

 private:
  std::set<std::string> services_;
  std::atomic<bool> serving_{true};
};

// `health` outlives them.
std::unique_ptr<UnaryHandler> MakeHealthCheckHandler(const Health& health);
// A watch ends after kMaxWatch, which `now` measures.
std::unique_ptr<StreamHandler> MakeHealthWatchHandler(
    const Health& health, std::chrono::steady_clock::time_point (*now)() = [] {
      return std::chrono::steady_clock::now();
    });

}  // namespace dataservice
