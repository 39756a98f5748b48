// Drives connections with a workload and measures.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "connection.h"
#include "workload.h"

namespace bench {

struct LoadSettings {
  std::string host = "127.0.0.1";
  int port = 50051;
  TlsFiles tls;
  int connections = 4;
  // Calls under way over all connections, where there is no rate.
  int concurrency = 64;
  // Calls a second, begun whether earlier ones are over or not; 0 is none.
  double rate = 0;
  std::chrono::duration<double> warmup{1};
  std::chrono::duration<double> duration{5};
  // Ends earlier after so many calls; 0 is no limit.
  uint64_t calls = 0;
};

struct Measurement {
  uint64_t calls = 0;
  uint64_t errors = 0;
  double seconds = 0;
  // Of each call that began after the warm-up, in nanoseconds.
  std::vector<uint32_t> latencies;
};

// The calls of an open loop are due faster than the server answers them: no figure exists.
class RateNotReached : public std::runtime_error {
 public:
  RateNotReached() : std::runtime_error("the server cannot keep up with --rate") {}
};

// Belongs to one thread.
class Loop {
 public:
  using Clock = std::chrono::steady_clock;

  Loop(const LoadSettings& settings, Workload& workload);
  ~Loop();

  // The entire measurement. Throws RateNotReached.
  Measurement Run();
  // One call on an idle connection.
  Measurement One();

 private:
  struct Pending {
    Request request;
    Clock::time_point due;
    size_t connection = 0;
  };

  void Begin(size_t connection, Clock::time_point due);
  void OnAnswer(const Answer& answer);
  // Sends, waits until `until` at most for something to read, and reads it.
  void Turn(Clock::time_point until);
  // Begins what is due, as far as there are streams; when there is more to begin.
  Clock::time_point BeginWhatIsDue();

  const LoadSettings settings_;
  Workload& workload_;
  int epoll_ = -1;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<bool> blocked_;  // waits for room in the socket
  std::vector<Pending> pending_;
  std::vector<uint32_t> free_;
  size_t under_way_ = 0;
  size_t turn_ = 0;  // the connection whose turn it is
  bool refill_ = false;
  bool broken_ = false;
  Clock::time_point next_due_;
  Clock::time_point measured_from_;
  Measurement result_;
};

}  // namespace bench
