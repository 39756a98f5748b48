// Messages within jsonb.
#pragma once

#include <google/protobuf/descriptor.h>

#include <set>
#include <utility>

#include "schema/breaking/findings.h"

namespace dataservice::breaking {

// Compares what columns of jsonb hold, by names in ProtoJSON; each pair of messages once,
// however often and however deep it is stored. Not thread-safe: lives while two versions
// are compared.
class JsonComparison {
 public:
  explicit JsonComparison(Findings& findings) : findings_(findings) {}

  // Two fields that are stored as jsonb: messages, lists of them, maps. The rules of the
  // fields themselves are not looked at.
  void CompareField(const google::protobuf::FieldDescriptor& before,
                    const google::protobuf::FieldDescriptor& after);

 private:
  void CompareValues(const google::protobuf::FieldDescriptor& named,
                     const google::protobuf::FieldDescriptor& before,
                     const google::protobuf::FieldDescriptor& after);
  void CompareMessages(const google::protobuf::Descriptor& before,
                       const google::protobuf::Descriptor& after);
  void CompareMember(const google::protobuf::FieldDescriptor& before,
                     const google::protobuf::Descriptor& after);
  void CompareNames(const google::protobuf::FieldDescriptor& named,
                    const google::protobuf::EnumDescriptor& before,
                    const google::protobuf::EnumDescriptor& after);
  void AddTypeChange(const google::protobuf::FieldDescriptor& named,
                     const google::protobuf::FieldDescriptor& before,
                     const google::protobuf::FieldDescriptor& after);

  Findings& findings_;
  std::set<std::pair<const google::protobuf::Descriptor*, const google::protobuf::Descriptor*>>
      seen_;
};

}  // namespace dataservice::breaking
