#include "serve/connection/frame_counter.h"

#include <algorithm>

#include "engine_limits.h"

namespace dataservice {
namespace {

// "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", which gRPC checks.
constexpr size_t kPrefaceBytes = 24;

// RFC 9113, 6.
enum FrameType : uint8_t { kData = 0, kHeaders = 1, kRstStream = 3, kContinuation = 9 };
constexpr uint8_t kEndStream = 0x1;  // a flag

// gRPC's messages begin with so many bytes, which clients do not divide.
constexpr size_t kMessagePrefixBytes = 5;

// A block of headers is smaller than the headers themselves, so that gRPC refuses the call before
// this ends the connection.
constexpr size_t kMaxBlockBytes = size_t{2} * kMaxMetadataBytes;

// Bytes sent to the client that pay for one of its frames: more than the answer to a PING.
constexpr int64_t kBytesOfFrame = 32;

// Frames that a call pays for. gRPC's clients in C++ send two WINDOW_UPDATE frames with each small
// one, whose answer has less than 60 bytes.
constexpr int64_t kFramesOfCall = 4;

// Bytes of messages in part that a connection may have uncounted, so that most calls need not be.
constexpr int64_t kCountedAtOnce = int64_t{16} * 1024;

// What a client may send for nothing on a new connection, and what it can have earned at most.
constexpr int64_t kFirstFrames = 50;
constexpr int64_t kMostFrames = 10000;

}  // namespace

FrameCounter::FrameCounter(FrameBudget& budget, Account& account)
    : budget_(budget),
      account_(account),
      earned_(kFirstFrames * kBytesOfFrame),
      preface_left_(kPrefaceBytes) {}

bool FrameCounter::Receive(const uint8_t* data, size_t size) {
  absl::MutexLock lock(&mutex_);
  if (problem_[0] != '\0') return false;
  const auto take = [&](size_t most) {
    const size_t taken = std::min(most, size);
    data += taken;
    size -= taken;
    return taken;
  };
  preface_left_ -= take(preface_left_);
  while (size > 0) {
    const uint8_t* const begin = data;
    if (payload_left_ > 0) {
      ReadPayload(begin, take(payload_left_));
      continue;
    }
    const size_t read = take(kFrameHeaderBytes - header_bytes_);
    std::copy_n(begin, read, header_.begin() + header_bytes_);
    header_bytes_ += read;
    if (header_bytes_ < kFrameHeaderBytes) break;
    header_bytes_ = 0;
    if (!ReadHeader(header_.data())) return false;
    if (payload_left_ == 0) ReadPayload(data, 0);
  }
  return CountPartialMessages();
}

void FrameCounter::ReadPayload(const uint8_t* data, size_t size) {
  payload_left_ -= size;
  if (!is_data_) return;
  messages_.Add(data, size);
  if (payload_left_ == 0) messages_.End(ends_stream_);
}

bool FrameCounter::CountPartialMessages() {
  const auto missing = [this] { return static_cast<int64_t>(messages_.bytes()) - counted_; };
  if (missing() < -kCountedAtOnce || (messages_.bytes() == 0 && counted_ > 0)) {
    account_.Give(Counted::kPartialBytes, -missing());
    counted_ += missing();
  } else if (missing() > kCountedAtOnce) {
    if (!account_.Take(Counted::kPartialBytes, missing())) {
      messages_.ForgetBefore(PartialMessages::Clock::now() - kMaxStreamSilence);
      if (missing() > 0) return Refuse("parts of messages");
    } else {
      counted_ += missing();
    }
  }
  return true;
}

void FrameCounter::Sent(size_t bytes) { Earn(static_cast<int64_t>(bytes)); }

void FrameCounter::Earn(int64_t bytes) {
  if (earned_.load(std::memory_order_relaxed) < kMostFrames * kBytesOfFrame) {
    earned_.fetch_add(bytes, std::memory_order_relaxed);
  }
}

bool FrameCounter::ReadHeader(const uint8_t* header) {
  const size_t size = size_t{header[0]} << 16 | size_t{header[1]} << 8 | header[2];
  const uint8_t type = header[3];
  const uint8_t flags = header[4];
  payload_left_ = size;
  is_data_ = type == kData;
  ends_stream_ = (flags & kEndStream) != 0;
  const uint32_t stream = (uint32_t{header[5]} & 0x7f) << 24 | uint32_t{header[6]} << 16 |
                          uint32_t{header[7]} << 8 | header[8];
  switch (type) {
    case kData:
      messages_.Begin(stream);
      return size >= kMessagePrefixBytes || ends_stream_ || SpendUnlessEarned("small DATA frames");
    case kHeaders:
      block_bytes_ = 0;
      Earn(kFramesOfCall * kBytesOfFrame);
      return AddToBlock(size);
    case kContinuation:
      return Spend("CONTINUATION frames") && AddToBlock(size);
    case kRstStream:
      messages_.Reset(stream);
      return Spend("resets");
    default:
      return SpendUnlessEarned("control frames");
  }
}

bool FrameCounter::AddToBlock(size_t bytes) {
  block_bytes_ += bytes;
  return block_bytes_ <= kMaxBlockBytes || Refuse("headers");
}

bool FrameCounter::Spend(const char* problem) { return budget_.Spend() || Refuse(problem); }

bool FrameCounter::SpendUnlessEarned(const char* problem) {
  if (earned_.fetch_sub(kBytesOfFrame, std::memory_order_relaxed) >= kBytesOfFrame) return true;
  earned_.fetch_add(kBytesOfFrame, std::memory_order_relaxed);
  return Spend(problem);
}

bool FrameCounter::Refuse(const char* problem) {
  problem_ = problem;
  return false;
}

}  // namespace dataservice
