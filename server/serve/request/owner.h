// The owner of the rows that a request may read and change (storage.v1.Owner).
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "contract/resource.h"
#include "serve/request/request_context.h"
#include "serve/values/values.h"

namespace dataservice {

// Returns the owner that the caller is, as PostgreSQL prints it; empty if the resource has no
// owner. UNAUTHENTICATED if the caller is anonymous; PERMISSION_DENIED if it does not have the
// claim, or the claim is not a text that can be an owner: 1 to kMaxOwnerBytes bytes without NUL,
// and a UUID if the column is one.
absl::StatusOr<std::string> OwnerOf(const Resource& resource, const RequestContext& context);

// Adds the value of the owner's parameter, if the resource has an owner.
void AddOwner(const Resource& resource, const std::string& owner, Values& values);

}  // namespace dataservice
