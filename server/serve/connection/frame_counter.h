// Reads the frames of HTTP/2 (RFC 9113, 4.1) that a client sends over one connection, and finds
// those that cost a server more than their sender: rapid reset (CVE-2023-44487), headers without
// end in CONTINUATION frames (CVE-2024-27316), and floods of PING, SETTINGS, PRIORITY,
// WINDOW_UPDATE and small DATA (CVE-2019-9511 to 9518). gRPC 1.51 has no limits for them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "serve/connection/frame_budget.h"
#include "serve/connection/level.h"
#include "serve/connection/partial_messages.h"

namespace dataservice {

// HEADERS, and DATA of a message, belong to calls, which have limits of their own. Other frames
// are paid for by the client's calls and by what the server sent to it, which are reasons for
// WINDOW_UPDATE and PING, and then from the budget of the client; RST_STREAM always from the
// budget. Messages that have arrived in part count in the account of the connection.
//
// Thread-safe. gRPC calls Receive() from different threads, one after the other.
class FrameCounter {
 public:
  // `budget` is that of the client; both outlive it.
  FrameCounter(FrameBudget& budget, Account& account);

  // Reads what arrived. False once the connection must be closed, and from then on.
  bool Receive(const uint8_t* data, size_t size);
  // So many bytes were sent to the client.
  void Sent(size_t bytes);

  // What has not arrived yet of the DATA frame that is arriving, in bytes.
  size_t missing_data() const {
    absl::MutexLock lock(&mutex_);
    return is_data_ ? payload_left_ : 0;
  }
  // Why the connection must be closed; empty while it need not.
  std::string_view problem() const {
    absl::MutexLock lock(&mutex_);
    return problem_;
  }

 private:
  static constexpr size_t kFrameHeaderBytes = 9;

  bool ReadHeader(const uint8_t* header) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ReadPayload(const uint8_t* data, size_t size) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool CountPartialMessages() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool AddToBlock(size_t bytes) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Spend(const char* problem) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool SpendUnlessEarned(const char* problem) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Earn(int64_t bytes);
  bool Refuse(const char* problem) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  FrameBudget& budget_;
  Account& account_;
  std::atomic<int64_t> earned_;  // bytes
  mutable absl::Mutex mutex_;
  const char* problem_ ABSL_GUARDED_BY(mutex_) = "";
  size_t preface_left_ ABSL_GUARDED_BY(mutex_);
  size_t payload_left_ ABSL_GUARDED_BY(mutex_) = 0;
  bool is_data_ ABSL_GUARDED_BY(mutex_) = false;      // the payload
  bool ends_stream_ ABSL_GUARDED_BY(mutex_) = false;  // and it is the last one
  std::array<uint8_t, kFrameHeaderBytes> header_ ABSL_GUARDED_BY(mutex_){};
  size_t header_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // Of the last HEADERS frame and its CONTINUATION frames.
  size_t block_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  PartialMessages messages_ ABSL_GUARDED_BY(mutex_);
  int64_t counted_ ABSL_GUARDED_BY(mutex_) = 0;  // bytes of them that the account has
};

}  // namespace dataservice
