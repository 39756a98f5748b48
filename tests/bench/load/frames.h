// Frames and header blocks of HTTP/2 (RFC 9113, RFC 7541) as gRPC's clients send
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

enum class FrameType : uint8_t {
  kData = 0,
  kHeaders = 1,
  kResetStream = 3,
  kSettings = 4,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
  kContinuation = 9,
};

inline constexpr uint8_t kEndStream = 0x1;
inline constexpr uint8_t kAck = 0x1;
inline constexpr uint8_t kEndHeaders = 0x4;
inline constexpr uint8_t kPadded = 0x8;
inline constexpr uint8_t kPriority = 0x20;

inline constexpr size_t kFrameHeaderBytes = 9;
inline constexpr uint32_t kLargestWindow = 0x7fffffff;
// What a peer accepts in one frame unless it says otherwise.
inline constexpr size_t kMaxFrameBytes = 16384;

struct FrameHeader {
  uint32_t length = 0;
  FrameType type = FrameType::kData;
  uint8_t flags = 0;
  uint32_t stream = 0;
};

// `bytes` has at least kFrameHeaderBytes.
FrameHeader ReadFrameHeader(std::string_view bytes);

uint32_t ReadUint32(std::string_view bytes);

void AppendFrame(FrameType type, uint8_t flags, uint32_t stream, std::string_view payload,
                 std::string& out);

void AppendWindowUpdate(uint32_t stream, uint32_t bytes, std::string& out);

// What a client sends first: the preface, settings that keep the server's header
// compression without memory and all windows open.
void AppendPreface(std::string& out);

// The header block of a call; the same bytes for each call of a path, because
// nothing of it goes into a dynamic table.
// With a bearer token, unless that is empty.
std::string RequestHeaders(std::string_view path, std::string_view authority,
                           std::string_view token = {});

// A message with gRPC's prefix of five bytes.
std::string PrefixedMessage(std::string_view message);

}  // namespace bench
