// Who makes a call.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <memory>
#include <string>
#include <vector>

namespace dataservice {

enum class CallerKind {
  // Nobody that the server can verify.
  kAnonymous,
  // The client of the connection, by its TLS certificate.
  kCertificate,
  // The subject of a verified JWT (RFC 7519).
  kToken,
};

// "anonymous", "certificate" or "token".
const char* NameOf(CallerKind kind);

// A caller, as the server verified it; nothing of it is taken from what a client can write
// freely. Immutable once shared, so thread-safe.
struct Caller {
  CallerKind kind = CallerKind::kAnonymous;
  // Of a token, the claim sub, which is the same in a renewed token; of a certificate, its
  // identity (peer.h). Empty only for kAnonymous. No control characters.
  std::string subject;
  // The claim iss; empty for the other kinds. Two callers with one subject and different
  // kinds or issuers are different: compare CallerKey.
  std::string issuer;
  // What the token permits: its claim scope (RFC 8693) or scp, divided at spaces.
  std::vector<std::string> scopes;
  // All claims of the token; empty for the other kinds.
  google::protobuf::Struct claims;
};

using CallerPtr = std::shared_ptr<const Caller>;

// The anonymous caller, one object for all calls.
const CallerPtr& AnonymousCaller();

// A text that is equal for two callers exactly if they have the same kind, issuer and subject.
std::string CallerKey(const Caller& caller);

}  // namespace dataservice
