// The options of a contract that carry rules.
//
// Descriptors that are linked into the program have them as extensions. Descriptors that were
// loaded at run time may have them as unknown fields. Parsing the options again reads both.
#pragma once

#include "buf/validate/validate.pb.h"
#include "google/protobuf/descriptor.h"

namespace dataservice::rules {

struct FieldOptions {
  buf::validate::FieldRules rules;
  bool has_rules = false;
  // (buf.validate.predefined) is set, which is valid only for a rule.
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
