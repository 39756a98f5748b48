// One connection to a gRPC server, made for load: requests are bytes that were
// built before, answers are views into what was received.
#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "frames.h"
#include "socket.h"

namespace bench {

// A call's end. `status` is its grpc-status, or kBroken.
struct Answer {
  uint64_t tag = 0;
  int status = 0;
  std::string_view message;  // without gRPC's prefix; valid during the callback
};

inline constexpr int kBroken = -1;

// Belongs to one thread. What it queues is sent by Flush(), as far as the socket
// and the server's windows let it.
class Connection {
 public:
  using OnAnswer = std::function<void(const Answer&)>;

  // Connects; throws std::runtime_error where it cannot.
  Connection(const std::string& host, int port, const TlsFiles& tls, OnAnswer on_answer);
  ~Connection();
  Connection(const Connection&) = delete;

  int socket() const { return socket_.descriptor(); }
  const std::string& authority() const { return authority_; }

  // Begins a unary call. `headers` is made by RequestHeaders(), `message` by
  // PrefixedMessage().
  void Call(std::string_view headers, std::string_view message, uint64_t tag);

  // Begins a call to which messages are added; answers its stream.
  uint32_t Open(std::string_view headers, uint64_t tag);
  // Adds bytes of messages to an open call; the last ones end it. Large bodies go
  // in parts, when queued() is small.
  void Send(uint32_t stream, std::string_view messages, bool last);
  // Bytes that wait to be sent.
  size_t queued() const { return out_.size() - sent_ + held_bytes_; }

  // Reads what has come and tells the answers. False when the connection is over;
  // every call under way has been told then.
  bool Receive();
  // Sends what is queued. True if something is left for which the socket has no
  // room.
  bool Flush();

 private:
  struct Stream {
    uint64_t tag = 0;
    int64_t window = 0;
    std::string message;
  };
  struct Held {
    uint32_t stream;
    std::string bytes;
    bool last;
  };

  void OnFrame(const FrameHeader& header, std::string_view payload);
  void OnData(uint8_t flags, uint32_t id, std::string_view payload);
  void OnHeaders(uint8_t flags, uint32_t id, std::string_view block);
  void OnSettings(std::string_view payload);
  void ReleaseHeld();
  bool ReadAll();
  int StatusOf(std::string_view block);
  void End(uint32_t id, int status, std::string_view message);
  void EndAll();

  Socket socket_;
  std::string authority_;
  const OnAnswer on_answer_;
  nghttp2_hd_inflater* inflater_ = nullptr;
  // Trailers repeat, and without a dynamic table equal bytes mean the same.
  std::string last_trailers_;
  int last_status_ = kBroken;

  absl::flat_hash_map<uint32_t, Stream> streams_;
  uint32_t next_stream_ = 1;
  int64_t window_ = 65535;
  int64_t initial_window_ = 65535;
  size_t received_bytes_ = 0;

  std::vector<char> in_;
  size_t in_size_ = 0;
  std::string headers_;  // of a block that goes on in continuation frames
  uint8_t headers_flags_ = 0;
  std::string out_;
  size_t sent_ = 0;
  std::deque<Held> held_;  // for which the windows have no room
  size_t held_bytes_ = 0;
};

}  // namespace bench
