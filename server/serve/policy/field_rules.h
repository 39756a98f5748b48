// The fields that a policy names.
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "contract/contract.h"
#include "contract/field_set.h"

namespace dataservice {

// The field "package.Message.field" of a resource. INVALID_ARGUMENT with the reason if there is
// none.
absl::StatusOr<const google::protobuf::FieldDescriptor*> FindResourceField(
    std::string_view name, const Contract& contract);

// Why a policy cannot withhold the field, or make it read-only; OK if it can.
absl::Status CanBeWithheld(const google::protobuf::FieldDescriptor& field,
                           const Contract& contract);
absl::Status CanBeReadOnly(const google::protobuf::FieldDescriptor& field,
                           const Contract& contract);

// Adds the fields that would tell the values of others of the set: those that are computed from
// them, and the etag of a resource whose update_time, or whose reference with
// ON_DELETE_SET_NULL, is one of them.
void AddDerivedFields(const Contract& contract, FieldSet& fields);

}  // namespace dataservice
