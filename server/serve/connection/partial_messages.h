// The messages of gRPC (its "PROTOCOL-HTTP2", Length-Prefixed-Message) that have arrived in part.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"

namespace dataservice {

// Follows the DATA frames of one connection. gRPC keeps what has arrived of a message until all of
// it has, whatever its length. Not thread-safe.
class PartialMessages {
 public:
  using Clock = std::chrono::steady_clock;

  // A DATA frame of a stream begins, its payload arrives, and it ends.
  void Begin(uint32_t stream);
  void Add(const uint8_t* data, size_t size);
  void End(bool ends_stream, Clock::time_point (*now)() = &Clock::now);
  // The client gives up a stream.
  void Reset(uint32_t stream);

  // Bytes of messages that are not complete.
  size_t bytes() const { return bytes_; }

  // Forgets what arrived before `time`. The server has ended streams that are silent for so long.
  void ForgetBefore(Clock::time_point time);

 private:
  static constexpr size_t kPrefixBytes = 5;

  struct Message {
    std::array<uint8_t, kPrefixBytes> prefix{};
    size_t prefix_bytes = 0;
    uint32_t left = 0;  // bytes after the prefix that have not arrived
    size_t arrived = 0;
    Clock::time_point at;

    bool has_begun() const { return prefix_bytes > 0; }
  };

  void Complete();

  absl::flat_hash_map<uint32_t, Message> streams_;  // those with a message that is not complete
  uint32_t stream_ = 0;                             // of the frame
  Message message_;
  size_t bytes_ = 0;
};

}  // namespace dataservice
