#include "frames.h"

namespace bench {
namespace {

constexpr std::string_view kConnectionPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr uint16_t kHeaderTableSize = 1;
constexpr uint16_t kInitialWindowSize = 4;
// The windows of a connection begin with this size, whatever the settings say.
constexpr uint32_t kDefaultWindow = 65535;

void AppendBigEndian(uint32_t value, int bytes, std::string& out) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xff);
  }
}

// Not Huffman-coded (RFC 7541, 5.1 and 5.2).
void AppendText(std::string_view text, std::string& out) {
  constexpr size_t kPrefix = 127;
  if (text.size() < kPrefix) {
    out += static_cast<char>(text.size());
  } else {
    out += static_cast<char>(kPrefix);
    size_t rest = text.size() - kPrefix;
    for (; rest >= 128; rest /= 128) out += static_cast<char>(rest % 128 + 128);
    out += static_cast<char>(rest);
  }
  out += text;
}

}  // namespace

uint32_t ReadUint32(std::string_view bytes) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

FrameHeader ReadFrameHeader(std::string_view bytes) {
  FrameHeader header;
  header.length = ReadUint32(bytes) >> 8;
  header.type = static_cast<FrameType>(bytes[3]);
  header.flags = static_cast<uint8_t>(bytes[4]);
  header.stream = ReadUint32(bytes.substr(5)) & kLargestWindow;
  return header;
}

void AppendFrame(FrameType type, uint8_t flags, uint32_t stream, std::string_view payload,
                 std::string& out) {
  AppendBigEndian(static_cast<uint32_t>(payload.size()), 3, out);
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  AppendBigEndian(stream, 4, out);
  out += payload;
}

void AppendWindowUpdate(uint32_t stream, uint32_t bytes, std::string& out) {
  std::string payload;
  AppendBigEndian(bytes, 4, payload);
  AppendFrame(FrameType::kWindowUpdate, 0, stream, payload, out);
}

void AppendPreface(std::string& out) {
  out += kConnectionPreface;
  std::string settings;
  AppendBigEndian(kHeaderTableSize, 2, settings);
  AppendBigEndian(0, 4, settings);
  AppendBigEndian(kInitialWindowSize, 2, settings);
  AppendBigEndian(kLargestWindow, 4, settings);
  AppendFrame(FrameType::kSettings, 0, 0, settings, out);
  AppendWindowUpdate(0, kLargestWindow - kDefaultWindow, out);
}

std::string RequestHeaders(std::string_view path, std::string_view authority,
                           std::string_view token) {
  // Indices of RFC 7541, appendix A.
  std::string out("\x83\x86\x04", 3);  // :method POST, :scheme http, :path
  AppendText(path, out);
  out += '\x01';  // :authority
  AppendText(authority, out);
  out += '\0';
  AppendText("te", out);
  AppendText("trailers", out);
  out += "\x0f\x10";  // content-type
  AppendText("application/grpc", out);
  if (!token.empty()) {
    out += "\x0f\x08";  // authorization
    AppendText("Bearer " + std::string(token), out);
  }
  return out;
}

std::string PrefixedMessage(std::string_view message) {
  std::string out(1, '\0');
  AppendBigEndian(static_cast<uint32_t>(message.size()), 4, out);
  out += message;
  return out;
}

}  // namespace bench
