#include "delayed_pipe.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace bench {

void DelayedPipe::Read() {
  std::array<char, 65536> buffer;
  while (wants_input()) {
    const ssize_t size = recv(from_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0) {
      if (errno == EINTR) continue;
      failed_ = errno != EAGAIN && errno != EWOULDBLOCK;
      return;
    }
    ended_ = size == 0;
    queued_bytes_ += static_cast<size_t>(size);
    pieces_.push_back({Clock::now() + delay_, {buffer.data(), static_cast<size_t>(size)}});
    // A short answer means that no more is there.
    if (static_cast<size_t>(size) < buffer.size()) return;
  }
}

void DelayedPipe::Write() {
  blocked_ = false;
  const Clock::time_point now = Clock::now();
  while (!failed_ && !pieces_.empty() && pieces_.front().due <= now) {
    const std::string& bytes = pieces_.front().bytes;
    if (bytes.empty()) {
      failed_ = shutdown(to_, SHUT_WR) != 0;
      pieces_.pop_front();
      continue;
    }
    const ssize_t size =
        send(to_, bytes.data() + written_, bytes.size() - written_, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0) {
      if (errno == EINTR) continue;
      blocked_ = errno == EAGAIN || errno == EWOULDBLOCK;
      failed_ = !blocked_;
      return;
    }
    written_ += static_cast<size_t>(size);
    queued_bytes_ -= static_cast<size_t>(size);
    if (written_ == bytes.size()) {
      pieces_.pop_front();
      written_ = 0;
    }
  }
}

std::optional<Clock::time_point> DelayedPipe::due() const {
  if (pieces_.empty() || blocked_ || failed_) return std::nullopt;
  return pieces_.front().due;
}

}  // namespace bench
