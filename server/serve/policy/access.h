// What the policy permits one call.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "contract/field_set.h"
#include "serve/policy/redactor.h"

namespace dataservice {

// Immutable; thread-safe. The default permits every field, and of a resource with an owner the
// rows of the caller.
class Access {
 public:
  Access() = default;
  // `responses` are the messages that methods return.
  Access(bool all_rows, FieldSet hidden, FieldSet read_only,
         const std::vector<const google::protobuf::Descriptor*>& responses)
      : all_rows_(all_rows),
        hidden_(std::move(hidden)),
        read_only_(std::move(read_only)),
        redactor_(hidden_, responses) {}

  // Whether the call reads and writes the rows of all owners.
  bool all_rows() const { return all_rows_; }
  // Fields that no response has, and that no request may filter by, order by, compare or name in
  // a read mask.
  const FieldSet& hidden() const { return hidden_; }
  // Fields of resources that no request may set.
  const FieldSet& read_only() const { return read_only_; }
  // Removes the hidden fields from a response.
  const Redactor& redactor() const { return redactor_; }

 private:
  bool all_rows_ = false;
  FieldSet hidden_;
  FieldSet read_only_;
  Redactor redactor_;
};

using AccessPtr = std::shared_ptr<const Access>;

// The access of a call that no policy decides on: the default.
const AccessPtr& FullAccess();

}  // namespace dataservice
