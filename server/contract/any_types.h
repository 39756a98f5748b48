// The types of messages that a google.protobuf.Any may hold.
#pragma once

#include <google/protobuf/descriptor.h>

#include <set>
#include <string_view>
#include <vector>

namespace dataservice {

// The messages that every program of a contract knows: those of its files and of the files that
// these import, directly or indirectly, and those of google.protobuf with a special form in JSON.
// The gateway writes the JSON of an Any with the types that are linked into it, and could not
// write a message that only the server knows. Immutable; thread-safe.
class AnyTypes {
 public:
  // Descriptors must outlive it. `files` is not empty.
  explicit AnyTypes(const std::vector<const google::protobuf::FileDescriptor*>& files);

  // `name` is a message's full name.
  bool Contains(std::string_view name) const;

 private:
  void Add(const google::protobuf::FileDescriptor* file);

  const google::protobuf::DescriptorPool* pool_;
  std::set<const google::protobuf::FileDescriptor*> files_;
};

}  // namespace dataservice
