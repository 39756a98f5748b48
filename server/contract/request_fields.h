// Finds the fields of a method's request and checks their types.
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "contract/diagnostics.h"
#include "contract/method.h"

namespace dataservice {

// The base of the checks of all methods. Each Take* function finds a field of the request, checks
// its type and marks it as read; RefuseTheRest() reports the fields that are not. Not thread-safe;
// exists while a method is checked.
class RequestFields {
 protected:
  RequestFields(const google::protobuf::MethodDescriptor& descriptor, Diagnostics& diagnostics)
      : descriptor_(descriptor), diagnostics_(diagnostics) {}

  void TakeEquality(const google::protobuf::FieldDescriptor& field, int index);
  const google::protobuf::FieldDescriptor* TakeKey();
  const google::protobuf::FieldDescriptor* TakeBody();
  const google::protobuf::FieldDescriptor* TakeMessage(const std::string& name,
                                                       std::string_view type);
  const google::protobuf::FieldDescriptor* TakeOptional(
      const std::string& name, google::protobuf::FieldDescriptor::Type type);
  const google::protobuf::FieldDescriptor* Take(const std::string& name,
                                                google::protobuf::FieldDescriptor::Type type);
  // The repeated field of a batch's elements: null if it is absent or of another type.
  const google::protobuf::FieldDescriptor* TakeRepeated(
      const std::string& name, google::protobuf::FieldDescriptor::Type type,
      std::string_view declaration);
  void Answers(const google::protobuf::Descriptor& message);
  // Reports the fields that no Take* function has marked.
  void RefuseTheRest();
  void Problem(std::string_view problem);

  const google::protobuf::Descriptor& request() const { return *descriptor_.input_type(); }

  const google::protobuf::MethodDescriptor& descriptor_;
  Diagnostics& diagnostics_;
  std::unique_ptr<Method> method_;
  std::set<const google::protobuf::FieldDescriptor*> taken_;
  // The field of a batch's elements exists with a type that TakeRepeated() rejects.
  bool mistyped_ = false;
};

}  // namespace dataservice
