// The key of a request that names one row.
#pragma once

#include <google/protobuf/arena.h>
#include <google/protobuf/message.h>

#include "contract/contract.h"
#include "serve/request/violations.h"
#include "serve/values/values.h"

namespace dataservice {

// Immutable; thread-safe.
class KeyField {
 public:
  // The request's field `field` has the key of a `resource` of the contract. All outlive it.
  KeyField(const Contract& contract, const Resource& resource,
           const google::protobuf::FieldDescriptor& field);

  // Appends the key's value. A key that breaks the rules of the resource's field is a
  // violation, and not only unknown.
  void Read(const google::protobuf::Message& request, google::protobuf::Arena& arena,
            Values& values, Violations& violations) const;

 private:
  void Validate(const google::protobuf::Message& request, google::protobuf::Arena& arena,
                Violations& violations) const;

  const Resource& resource_;
  const google::protobuf::FieldDescriptor& field_;
  const Validator& row_rules_;
};

}  // namespace dataservice
