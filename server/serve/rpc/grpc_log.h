// gRPC's own log.
#pragma once

#include <grpc/support/log.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dataservice {

// Turns gRPC's messages into lines of the service's log. A message may quote data of a
// caller, and a caller may cause any number of messages. So a line has the place in gRPC's
// source that reports, and how often it did since its last line, at most one line a second
// for each place. It has the message's text only if that is about the system (sockets,
// descriptors) and not about a call. Thread-safe.
class GrpcLog {
 public:
  // Installs it for all messages of gRPC in this process.
  static void Install();

  struct Line {
    std::string place;  // "src/core/lib/iomgr/tcp_server_posix.cc:247"
    int64_t count = 0;  // messages of the place since its line before
    std::string text;   // empty where it may hold a value
  };
  // The line for a message; nothing if its place had a line less than a second ago.
  std::optional<Line> Take(const gpr_log_func_args& message, absl::Time now);

 private:
  struct Place {
    absl::Time next = absl::InfinitePast();
    int64_t count = 0;
  };

  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Place> places_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice
