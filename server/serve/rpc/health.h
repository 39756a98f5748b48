// grpc.health.v1.Health (the gRPC health checking protocol). gRPC 1.51 has a
// service of its own for it, but on the callback API, whose threads would take
// part in the polling of every other call.
#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "serve/request/handler.h"

namespace dataservice {

inline constexpr char kHealthService[] = "grpc.health.v1.Health";

// What is served, and whether it is. Thread-safe.
class Health {
 public:
  // `services` by their full names; the empty name, which stands for the server,
  // is known without.
  explicit Health(std::set<std::string> services);

  void SetServing(bool serving) { serving_ = serving; }

  // The wire bytes of a HealthCheckResponse. Of Watch, an unknown service is
  // SERVICE_UNKNOWN.
  std::string Response(const std::string& service) const;
  bool Knows(const std::string& service) const { return services_.contains(service); }

 private:
  std::set<std::string> services_;
  std::atomic<bool> serving_{true};
};

// Check and Watch. `health` outlives them.
std::vector<std::unique_ptr<Handler>> MakeHealthHandlers(const Health& health);

}  // namespace dataservice
