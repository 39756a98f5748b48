// The request_id of a write, with which a repeated request is done once (AIP-155).
#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>

#include "contract/method.h"
#include "serve/execution/work.h"
#include "serve/request/request_context.h"
#include "serve/request/violations.h"

namespace dataservice {

// The request's field request_id and the metadata idempotency-key (the HTTP field
// of draft-ietf-httpapi-idempotency-key-header: a quoted string, or as most
// clients send it, the bare text) mean the same. Copies the latter into the field,
// so that the field's own rules hold for it; call before they are checked. Adds
// to `violations` if both are given and differ, if the method takes none, and if it is not 1
// to kMaxRequestIdBytes printable ASCII characters.
void AdmitRequestId(const Method& method, const RequestContext& context,
                    google::protobuf::Message& request, Violations& violations);

// The claim of a request; absent if it has no request_id. Removes the request_id from the
// request. Call before the server changes the request: the digest (SHA-256) is of the message
// as the caller sent it, of the method, the caller and the preconditions.
std::optional<Claim> TakeClaim(const Method& method, const RequestContext& context,
                               google::protobuf::Message& request);

// Adds the values of a claimed statement's last parameters.
void AddClaim(const Claim& claim, Values& values);

}  // namespace dataservice
