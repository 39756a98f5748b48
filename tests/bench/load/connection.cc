#include "connection.h"

#include <algorithm>
#include <charconv>

#include "frames.h"

namespace bench {
namespace {

constexpr size_t kReadBytes = 256 * 1024;
// Received bytes after which the connection's window is opened again.
constexpr size_t kWindowStep = size_t{1} << 28;
constexpr uint16_t kInitialWindowSize = 4;
constexpr size_t kPrefixBytes = 5;

std::string_view WithoutPadding(uint8_t flags, std::string_view payload) {
  if ((flags & kPadded) == 0) return payload;
  const auto padding = static_cast<uint8_t>(payload[0]);
  return payload.substr(1, payload.size() - 1 - padding);
}

}  // namespace

Connection::Connection(const std::string& host, int port, const TlsFiles& tls, OnAnswer on_answer)
    : socket_(host, port, tls),
      authority_(host + ":" + std::to_string(port)),
      on_answer_(std::move(on_answer)) {
  nghttp2_hd_inflate_new(&inflater_);
  nghttp2_hd_inflate_change_table_size(inflater_, 0);
  AppendPreface(out_);
}

Connection::~Connection() { nghttp2_hd_inflate_del(inflater_); }

void Connection::Call(std::string_view headers, std::string_view message, uint64_t tag) {
  Send(Open(headers, tag), message, true);
}

uint32_t Connection::Open(std::string_view headers, uint64_t tag) {
  const uint32_t id = next_stream_;
  next_stream_ += 2;
  streams_.emplace(id, Stream{tag, initial_window_, {}});
  AppendFrame(FrameType::kHeaders, kEndHeaders, id, headers, out_);
  return id;
}

void Connection::Send(uint32_t stream, std::string_view messages, bool last) {
  const auto size = static_cast<int64_t>(messages.size());
  const auto found = streams_.find(stream);
  const bool fits = found != streams_.end() && size <= window_ && size <= found->second.window &&
                    messages.size() <= kMaxFrameBytes;
  if (held_.empty() && fits) {
    AppendFrame(FrameType::kData, last ? kEndStream : 0, stream, messages, out_);
    window_ -= size;
    found->second.window -= size;
    return;
  }
  held_bytes_ += messages.size();
  held_.push_back({stream, std::string(messages), last});
  ReleaseHeld();
}

void Connection::ReleaseHeld() {
  while (!held_.empty()) {
    Held& held = held_.front();
    const auto found = streams_.find(held.stream);
    if (found == streams_.end()) {  // answered early
      held_bytes_ -= held.bytes.size();
      held_.pop_front();
      continue;
    }
    const int64_t room = std::min(window_, found->second.window);
    if (room <= 0 && !held.bytes.empty()) return;
    const size_t size = std::min({static_cast<size_t>(room), held.bytes.size(), kMaxFrameBytes});
    const bool all = size == held.bytes.size();
    AppendFrame(FrameType::kData, all && held.last ? kEndStream : 0, held.stream,
                std::string_view(held.bytes).substr(0, size), out_);
    window_ -= static_cast<int64_t>(size);
    found->second.window -= static_cast<int64_t>(size);
    held_bytes_ -= size;
    if (all) {
      held_.pop_front();
    } else {
      held.bytes.erase(0, size);
    }
  }
}

bool Connection::Flush() {
  while (sent_ < out_.size()) {
    const ssize_t n = socket_.Write(out_.data() + sent_, out_.size() - sent_);
    if (n <= 0) return n == 0;
    sent_ += static_cast<size_t>(n);
  }
  out_.clear();
  sent_ = 0;
  return false;
}

// Reads until the socket is empty; false when the connection is over.
bool Connection::ReadAll() {
  while (true) {
    if (in_.size() - in_size_ < kReadBytes) in_.resize(in_.size() + kReadBytes);
    const ssize_t n = socket_.Read(in_.data() + in_size_, in_.size() - in_size_);
    if (n <= 0) return n == 0;
    in_size_ += static_cast<size_t>(n);
  }
}

bool Connection::Receive() {
  const bool open = ReadAll();
  const std::string_view all(in_.data(), in_size_);
  size_t at = 0;
  while (all.size() - at >= kFrameHeaderBytes) {
    const FrameHeader header = ReadFrameHeader(all.substr(at));
    if (all.size() - at - kFrameHeaderBytes < header.length) break;
    OnFrame(header, all.substr(at + kFrameHeaderBytes, header.length));
    at += kFrameHeaderBytes + header.length;
  }
  std::copy(in_.begin() + static_cast<ptrdiff_t>(at),
            in_.begin() + static_cast<ptrdiff_t>(in_size_), in_.begin());
  in_size_ -= at;
  if (received_bytes_ > kWindowStep) {
    AppendWindowUpdate(0, static_cast<uint32_t>(received_bytes_), out_);
    received_bytes_ = 0;
  }
  if (!open) EndAll();
  return open;
}

void Connection::OnFrame(const FrameHeader& header, std::string_view payload) {
  const auto [length, type, flags, stream] = header;
  switch (type) {
    case FrameType::kData:
      OnData(flags, stream, payload);
      break;
    case FrameType::kHeaders: {
      std::string_view block = WithoutPadding(flags, payload);
      if ((flags & kPriority) != 0) block.remove_prefix(5);
      if ((flags & kEndHeaders) != 0) {
        OnHeaders(flags, stream, block);
      } else {
        headers_ = block;
        headers_flags_ = flags;
      }
      break;
    }
    case FrameType::kContinuation:
      headers_ += payload;
      if ((flags & kEndHeaders) != 0) OnHeaders(headers_flags_, stream, headers_);
      break;
    case FrameType::kResetStream:
      End(stream, kBroken, {});
      break;
    case FrameType::kSettings:
      if ((flags & kAck) == 0) OnSettings(payload);
      break;
    case FrameType::kPing:
      if ((flags & kAck) == 0) AppendFrame(FrameType::kPing, kAck, 0, payload, out_);
      break;
    case FrameType::kWindowUpdate: {
      const uint32_t more = ReadUint32(payload);
      if (stream == 0) {
        window_ += more;
      } else if (const auto found = streams_.find(stream); found != streams_.end()) {
        found->second.window += more;
      }
      ReleaseHeld();
      break;
    }
    default:
      break;
  }
}

void Connection::OnSettings(std::string_view payload) {
  for (; payload.size() >= 6; payload.remove_prefix(6)) {
    const int id = static_cast<uint8_t>(payload[0]) << 8 | static_cast<uint8_t>(payload[1]);
    if (id != kInitialWindowSize) continue;
    const int64_t size = ReadUint32(payload.substr(2));
    for (auto& [number, stream] : streams_) stream.window += size - initial_window_;
    initial_window_ = size;
  }
  AppendFrame(FrameType::kSettings, kAck, 0, {}, out_);
  ReleaseHeld();
}

void Connection::OnData(uint8_t flags, uint32_t id, std::string_view payload) {
  received_bytes_ += payload.size();
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  found->second.message += WithoutPadding(flags, payload);
}

void Connection::OnHeaders(uint8_t flags, uint32_t id, std::string_view block) {
  if ((flags & kEndStream) == 0) {
    // The inflater must see what changes the table's size, which comes first.
    if (last_trailers_.empty()) StatusOf(block);
    return;
  }
  if (block != last_trailers_) {
    last_status_ = StatusOf(block);
    last_trailers_ = block;
  }
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  const std::string message = std::move(found->second.message);
  std::string_view view = message;
  view.remove_prefix(std::min(view.size(), kPrefixBytes));
  End(id, last_status_, view);
}

int Connection::StatusOf(std::string_view block) {
  int status = kBroken;
  const auto* at = reinterpret_cast<const uint8_t*>(block.data());
  size_t left = block.size();
  while (true) {
    nghttp2_nv field;
    int flags = 0;
    const ssize_t used = nghttp2_hd_inflate_hd2(inflater_, &field, &flags, at, left, 1);
    if (used < 0) return kBroken;
    at += used;
    left -= static_cast<size_t>(used);
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0) {
      const std::string_view name(reinterpret_cast<const char*>(field.name), field.namelen);
      const std::string_view value(reinterpret_cast<const char*>(field.value), field.valuelen);
      if (name == "grpc-status") std::from_chars(value.data(), value.data() + value.size(), status);
    }
    if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) break;
    if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0 && left == 0) break;
  }
  nghttp2_hd_inflate_end_headers(inflater_);
  return status;
}

void Connection::End(uint32_t id, int status, std::string_view message) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  const uint64_t tag = found->second.tag;
  streams_.erase(found);
  on_answer_({tag, status, message});
}

void Connection::EndAll() {
  while (!streams_.empty()) End(streams_.begin()->first, kBroken, {});
}

}  // namespace bench
