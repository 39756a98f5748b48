#include "contract/rules/options.h"

#include <algorithm>

#include "google/api/field_behavior.pb.h"

namespace dataservice::rules {
namespace {

template <typename Options>
Options ParseAgain(const Options& options) {
  Options parsed;
  // Both have the same message type, so this fails only if memory is exhausted.
  (void)parsed.ParsePartialFromString(options.SerializePartialAsString());
  return parsed;
}

}  // namespace

FieldOptions ReadOptions(const google::protobuf::FieldDescriptor& field) {
  const google::protobuf::FieldOptions options = ParseAgain(field.options());
  FieldOptions result;
  result.has_rules = options.HasExtension(buf::validate::field);
  result.rules = options.GetExtension(buf::validate::field);
  result.predefined = options.HasExtension(buf::validate::predefined);
  const auto& behaviors = options.GetRepeatedExtension(google::api::field_behavior);
  result.required = std::find(behaviors.begin(), behaviors.end(),
                              google::api::FieldBehavior::REQUIRED) != behaviors.end();
  return result;
}

buf::validate::MessageRules ReadOptions(const google::protobuf::Descriptor& message) {
  return ParseAgain(message.options()).GetExtension(buf::validate::message);
}

buf::validate::OneofRules ReadOptions(const google::protobuf::OneofDescriptor& oneof) {
  return ParseAgain(oneof.options()).GetExtension(buf::validate::oneof);
}

bool IsOneofMember(const buf::validate::MessageRules& rules,
                   const google::protobuf::FieldDescriptor& field) {
  for (const auto& oneof : rules.oneof()) {
    for (const std::string& name : oneof.fields()) {
      if (name == field.name()) return true;
    }
  }
  return false;
}

}  // namespace dataservice::rules
