// Messages inside jsonb.
#pragma once

#include <google/protobuf/descriptor.h>

#include <set>
#include <utility>

#include "schema/breaking/findings.h"

namespace dataservice::breaking {

// Compares the messages that jsonb columns store, by the names in ProtoJSON. Each pair of messages
// is compared once, however often it is stored. Used during one comparison. Not thread-safe.
class JsonComparison {
 public:
  explicit JsonComparison(Findings& findings) : findings_(findings) {}

  // Compares two fields that are stored as jsonb: messages, lists of messages, maps. The rules of
  // the fields themselves are not compared.
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
