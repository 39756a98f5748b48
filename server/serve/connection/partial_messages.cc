#include "serve/connection/partial_messages.h"

#include <algorithm>

namespace dataservice {

void PartialMessages::Begin(uint32_t stream) {
  stream_ = stream;
  message_ = {};
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  message_ = found->second;
  streams_.erase(found);
}

void PartialMessages::Add(const uint8_t* data, size_t size) {
  while (size > 0) {
    size_t read;
    if (message_.prefix_bytes < kPrefixBytes) {
      read = std::min(size, kPrefixBytes - message_.prefix_bytes);
      std::copy_n(data, read, message_.prefix.begin() + message_.prefix_bytes);
      message_.prefix_bytes += read;
      const auto& prefix = message_.prefix;  // a flag, and the length
      message_.left = uint32_t{prefix[1]} << 24 | uint32_t{prefix[2]} << 16 |
                      uint32_t{prefix[3]} << 8 | prefix[4];
    } else {
      read = std::min<size_t>(size, message_.left);
      message_.left -= static_cast<uint32_t>(read);
    }
    message_.arrived += read;
    bytes_ += read;
    data += read;
    size -= read;
    if (message_.prefix_bytes == kPrefixBytes && message_.left == 0) Complete();
  }
}

void PartialMessages::End(bool ends_stream, Clock::time_point (*now)()) {
  if (ends_stream) {
    Complete();
  } else if (message_.has_begun()) {
    message_.at = now();
    streams_.emplace(stream_, message_);
  }
}

void PartialMessages::Reset(uint32_t stream) {
  if (streams_.empty()) return;
  Begin(stream);
  Complete();
}

void PartialMessages::Complete() {
  bytes_ -= message_.arrived;
  message_ = {};
}

void PartialMessages::ForgetBefore(Clock::time_point time) {
  absl::erase_if(streams_, [&](const auto& entry) {
    const Message& message = entry.second;
    if (message.at >= time) return false;
    bytes_ -= message.arrived;
    return true;
  });
}

}  // namespace dataservice
