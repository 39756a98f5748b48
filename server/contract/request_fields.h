// The fields of a method's request, claimed one by one.
#pragma once

#include <google/protobuf/descriptor.h>

#include <set>
#include <string>
#include <string_view>

#include "contract/diagnostics.h"
#include "contract/method.h"

namespace dataservice {

// Each Take* claims a request field, so that the fields that are left over are not used. A
// field that is missing or of another type is a problem of the method. Not thread-safe: lives
// while a method is checked.
class RequestFields {
 public:
  // `resource` is null for a custom method.
  RequestFields(const google::protobuf::MethodDescriptor& descriptor, const Resource* resource,
                Diagnostics& diagnostics)
      : descriptor_(descriptor), resource_(resource), diagnostics_(diagnostics) {}

  EqualityField TakeEquality(const google::protobuf::FieldDescriptor& field, int column);
  const google::protobuf::FieldDescriptor* TakeKey();
  const google::protobuf::FieldDescriptor* TakeBody();
  const google::protobuf::FieldDescriptor* TakeUpdateMask();
  // Null if the request has none.
  const google::protobuf::FieldDescriptor* TakeReadMask();
  const google::protobuf::FieldDescriptor* TakeOptional(
      const std::string& name, google::protobuf::FieldDescriptor::Type type);
  const google::protobuf::FieldDescriptor* Take(const std::string& name,
                                                google::protobuf::FieldDescriptor::Type type);
  // The repeated field of a batch's elements: null if it is absent or of another type.
  const google::protobuf::FieldDescriptor* TakeRepeated(
      const std::string& name, google::protobuf::FieldDescriptor::Type type,
      std::string_view declaration);
  void TakeAll();
  // Claims a field without using it, because a problem of it was reported.
  void Ignore(const google::protobuf::FieldDescriptor& field) { taken_.insert(&field); }

  bool IsTaken(const google::protobuf::FieldDescriptor& field) const {
    return taken_.contains(&field);
  }
  // TakeRepeated found a field of another type.
  bool mistyped() const { return mistyped_; }

  // A field that the engine does not read would be ignored in silence.
  void RefuseTheRest();
  void Problem(std::string_view problem);

  const google::protobuf::Descriptor& request() const { return *descriptor_.input_type(); }

 private:
  const google::protobuf::FieldDescriptor* TakeMessage(const std::string& name,
                                                       std::string_view type);

  const google::protobuf::MethodDescriptor& descriptor_;
  const Resource* const resource_;
  Diagnostics& diagnostics_;
  std::set<const google::protobuf::FieldDescriptor*> taken_;
  bool mistyped_ = false;
};

}  // namespace dataservice
