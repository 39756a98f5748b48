// The options of a contract that carry rules.
//
// Descriptors of the program itself hold them as extensions; those of a descriptor set
// that was loaded at run time may hold them as unknown fields. Both are read by parsing
// the options again.
#pragma once

#include "buf/validate/validate.pb.h"
#include "google/protobuf/descriptor.h"

namespace dataservice::rules {

struct FieldOptions {
  buf::validate::FieldRules rules;
  bool has_rules = false;
  // (buf.validate.predefined) is set, which means something only on a rule.
  bool predefined = false;
  // google.api.field_behavior has REQUIRED.
  bool required = false;
};

FieldOptions ReadOptions(const google::protobuf::FieldDescriptor& field);
buf::validate::MessageRules ReadOptions(const google::protobuf::Descriptor& message);
buf::validate::OneofRules ReadOptions(const google::protobuf::OneofDescriptor& oneof);

// Whether the rules of a message name the field in a oneof, (buf.validate.message).oneof, which
// allows the zero of its members.
bool IsOneofMember(const buf::validate::MessageRules& rules,
                   const google::protobuf::FieldDescriptor& field);

}  // namespace dataservice::rules
