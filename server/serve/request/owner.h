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

// Whether a request that reads is restricted to the rows of its caller.
bool ReadsOwnRows(const Resource& resource, const RequestContext& context);

// The owner of the rows that a request may read; empty if it is not restricted to one. Errors as
// of OwnerOf().
absl::StatusOr<std::string> ReadOwnerOf(const Resource& resource, const RequestContext& context);

// The owner of the row that a request writes, `body` of the request: the caller, or, if the policy
// lets it write the rows of all owners, the owner that the row names. Errors as of OwnerOf().
absl::StatusOr<std::string> WriteOwnerOf(const google::protobuf::Message& request,
                                         const google::protobuf::FieldDescriptor& body,
                                         const Resource& resource, const RequestContext& context);

// Adds the value of the owner's parameter, if the statement has one: `owner` is not empty.
void AddOwner(const std::string& owner, Values& values);

}  // namespace dataservice
