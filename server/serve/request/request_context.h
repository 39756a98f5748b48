// What a request has beside its message.
#pragma once

#include <google/protobuf/io/zero_copy_stream.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dataservice {

// The metadata of a call.
class RequestMetadata {
 public:
  virtual ~RequestMetadata() = default;
  // The first value of that name (in lower case); empty if there is none.
  virtual std::string_view Metadata(const char* name) const = 0;
};

struct RequestContext {
  // max() for a stream without a deadline.
  std::chrono::system_clock::time_point deadline;
  // Metadata if-match and if-none-match: the HTTP fields' values (RFC 9110,
  // 13.1); absent if they were not sent.
  std::optional<std::string_view> if_match = std::nullopt;
  std::optional<std::string_view> if_none_match = std::nullopt;
  // Metadata idempotency-key; absent if it was not sent.
  std::optional<std::string_view> idempotency_key = std::nullopt;
  // Returns who calls, for requests that are claimed; may be empty.
  std::function<std::string()> caller = nullptr;
  // Returns the bytes of the message again, from the first one, to find out why they cannot
  // be parsed; null where that is not possible.
  std::function<std::unique_ptr<google::protobuf::io::ZeroCopyInputStream>()> reread = nullptr;
  // All metadata. Lives as long as the call; null in tests.
  const RequestMetadata* metadata = nullptr;
};

}  // namespace dataservice
