// The name that a caller gives to a write, so that it is done once (AIP-155).
#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>

#include "contract/method.h"
#include "serve/request/handler.h"
#include "serve/request/violations.h"

namespace dataservice {

// The request's field request_id and the metadata idempotency-key (the HTTP field
// of draft-ietf-httpapi-idempotency-key-header: a quoted string, or as most
// clients send it, the bare text) mean the same. Puts the latter into the field,
// so that the field's own rules hold for it; call before they are checked. Adds
// to `violations` what is wrong with either: that both are given and differ, that
// the method takes none, that it is not 1 to kMaxRequestIdBytes printable ASCII
// characters.
void AdmitRequestId(const Method& method, const RequestContext& context,
                    google::protobuf::Message& request, Violations& violations);

// What a request that has a request_id claims; absent if it has none. Takes the
// id out of the request. Call before the server changes the request: the digest,
// SHA-256, is of what the caller sent, of the method, the caller and the
// conditions.
std::optional<Claim> TakeClaim(const Method& method, const RequestContext& context,
                               google::protobuf::Message& request);

// Adds the values of a claimed statement's last parameters.
void AddClaim(const Claim& claim, Values& values);

}  // namespace dataservice
