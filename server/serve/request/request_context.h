// What a request has beside its message.
#pragma once

#include <google/protobuf/io/zero_copy_stream.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "engine_limits.h"
#include "serve/audit/audit_log.h"
#include "serve/execution/operation.h"
#include "serve/identity/authenticator.h"
#include "serve/policy/access.h"

namespace dataservice {

// The metadata of a call, and the client of its connection.
class RequestMetadata {
 public:
  virtual ~RequestMetadata() = default;
  // The first value of that name (in lower case); absent if it was not sent.
  virtual std::optional<std::string_view> Find(std::string_view name) const = 0;
  // Whether several values of that name were sent.
  virtual bool HasSeveral(std::string_view name) const = 0;
  virtual AuthorizationValues Authorization() const = 0;
  virtual Peer ClientOfConnection() const = 0;
  // Numbers that are equal for calls of one connection, and of one client (ClientAddress).
  virtual uint64_t connection() const { return 0; }
  virtual uint64_t client() const { return 0; }

  // As Find; empty if it was not sent.
  std::string_view Metadata(std::string_view name) const {
    return Find(name).value_or(std::string_view());
  }
  // The id of the request, which the gateway gives each one. Empty if it was not sent, or is
  // longer than an id.
  std::string_view RequestId() const {
    const std::string_view id = Metadata("x-request-id");
    return id.size() <= kMaxRequestIdBytes ? id : std::string_view();
  }
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
  // Who calls; never null.
  CallerPtr caller = AnonymousCaller();
  // What the policy permits the call; never null.
  AccessPtr access = FullAccess();
  // Null where nothing is recorded.
  AuditLog* audit = nullptr;
  // Returns the bytes of the message again, from the first one, while it is handled: to count what
  // a large message has in it, and to find out why it cannot be parsed. Null where that is not
  // possible.
  std::function<std::unique_ptr<google::protobuf::io::ZeroCopyInputStream>()> reread = nullptr;
  // All metadata. Lives as long as the call; null in tests.
  const RequestMetadata* metadata = nullptr;
};

// A call that may be served: who makes it, and what it may do.
struct Admission {
  CallerPtr caller = AnonymousCaller();
  AccessPtr access = FullAccess();
  AuditLog* audit = nullptr;
};

// The context of a call that has this metadata, which outlives it.
RequestContext ContextOf(
    const RequestMetadata& metadata, Admission admission,
    std::chrono::system_clock::time_point deadline,
    std::function<std::unique_ptr<google::protobuf::io::ZeroCopyInputStream>()> reread);

// Who makes the call. Its caller is the verified identity, or else the connection together with the
// value of `authorization`: of these, a connection has at most kMaxUnverifiedCallers, and those
// of a client share a limit, because it can send any values.
Origin OriginOf(const RequestContext& context);

}  // namespace dataservice
