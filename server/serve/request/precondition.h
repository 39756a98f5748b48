// The version that a write asks for (RFC 9110, 13; AIP-154).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "serve/request/handler.h"

namespace dataservice {

struct Precondition {
  // The row must have one of these etags; empty if none is asked for.
  std::vector<std::string> etags;
  // If-Match was given: a missing row is a version that does not match.
  bool must_exist = false;
  // If-None-Match: * was given.
  bool must_not_exist = false;
};

// Adds the versions that an update or deletion asks for to `values`, as an array that
// is empty if it asks for none; nothing where the resource has no versions.
void AddVersion(const Precondition& precondition, const Resource& resource, Values& values);

// What the metadata and `etag`, the request's own field (empty if absent), ask
// for together. A weak tag matches no row: If-Match compares strongly (RFC 9110, 13.1.1).
// INVALID_ARGUMENT for what is no condition of a write: an empty value, If-None-Match
// with a tag.
absl::StatusOr<Precondition> ReadPrecondition(const RequestContext& context, std::string_view etag);

}  // namespace dataservice
