// Removes fields from messages in Protobuf's binary form.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "contract/field_set.h"

namespace dataservice {

// Immutable; thread-safe.
class Redactor {
 public:
  // Removes nothing.
  Redactor() = default;
  // Removes `hidden` from messages of the types `roots`, also from messages inside of them, but
  // not from the content of a google.protobuf.Any. The descriptors outlive it.
  Redactor(const FieldSet& hidden, const std::vector<const google::protobuf::Descriptor*>& roots);

  // Removes the fields from a message of one of these types. False if the bytes are no message;
  // `wire` is then empty.
  bool Redact(const google::protobuf::Descriptor& type, std::string& wire) const;

 private:
  // What is removed from the messages of one type.
  struct Type {
    absl::flat_hash_set<int> hidden;                                       // by field number
    absl::flat_hash_map<int, const google::protobuf::Descriptor*> inside;  // messages to look into
  };

  void Add(const google::protobuf::Descriptor& type, const FieldSet& hidden);
  // Forgets the types that have no hidden field, nor a message that has one.
  void Prune();
  bool Append(const Type& type, std::string_view wire, std::string& out) const;

  absl::flat_hash_map<const google::protobuf::Descriptor*, Type> types_;
};

}  // namespace dataservice
