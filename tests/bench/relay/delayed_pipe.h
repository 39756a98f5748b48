// One direction of a relayed connection.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace bench {

using Clock = std::chrono::steady_clock;

// Passes on what comes from one socket to another, each piece when its delay
// has passed since it was read; the end of the stream too. Pieces wait side by
// side, so a delay costs no throughput. Owns neither socket, and waits for none.
// Not thread-safe.
class DelayedPipe {
 public:
  DelayedPipe(int from, int to, Clock::duration delay) : from_(from), to_(to), delay_(delay) {}

  // Takes all that `from` has.
  void Read();
  // Gives `to` what is due, as much as it takes.
  void Write();

  // When the next piece is due; nothing while none waits, or `to` takes none.
  std::optional<Clock::time_point> due() const;
  // Whether there is sense in reading `from`, and in waiting for `to`.
  bool wants_input() const { return !ended_ && !failed_ && queued_bytes_ < kMaxQueuedBytes; }
  bool wants_output() const { return blocked_ && !failed_; }
  // Everything, the end included, was passed on.
  bool finished() const { return ended_ && pieces_.empty(); }
  // One of the sockets is broken.
  bool failed() const { return failed_; }

 private:
  // A receiver that stands still must not fill the memory; far more than a
  // local connection carries in a delay.
  static constexpr size_t kMaxQueuedBytes = size_t{64} << 20;

  struct Piece {
    Clock::time_point due;
    std::string bytes;  // none: the end
  };

  const int from_;
  const int to_;
  const Clock::duration delay_;
  std::deque<Piece> pieces_;
  size_t written_ = 0;  // bytes of the first piece
  size_t queued_bytes_ = 0;
  bool ended_ = false;
  bool blocked_ = false;
  bool failed_ = false;
};

}  // namespace bench
