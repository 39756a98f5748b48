// The preconditions of a write (RFC 9110, 13; AIP-154).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "contract/method.h"
#include "contract/resource.h"
#include "serve/request/request_context.h"
#include "serve/values/values.h"

namespace dataservice {

struct Precondition {
  // The row must have one of these etags; empty if any will do.
  std::vector<std::string> etags;
  // If-Match was given: a missing row is a version that does not match.
  bool must_exist = false;
  // If-None-Match: * was given.
  bool must_not_exist = false;
};

// Adds the versions that a row must have for an update or deletion to `values`, as an array
// that is empty if any will do; nothing if the resource has no versions.
void AddVersion(const Precondition& precondition, const Resource& resource, Values& values);

// The precondition that the metadata and `etag`, the request's own field (empty if absent),
// make together. A weak tag matches no row: If-Match compares strongly (RFC 9110, 13.1.1).
// INVALID_ARGUMENT for an empty value, and for If-None-Match with a tag, which is not a
// precondition of a write.
absl::StatusOr<Precondition> ReadPrecondition(const RequestContext& context, std::string_view etag);

// INVALID_ARGUMENT for a precondition that means nothing to the method, PERMISSION_DENIED for one
// that compares an etag which the call may not use.
absl::Status CheckPrecondition(const Precondition& precondition, const Method& method,
                               const RequestContext& context);

}  // namespace dataservice
