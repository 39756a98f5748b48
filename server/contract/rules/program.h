// Compiled rules: vectors of checks, one program for each message type.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "contract/rules/value.h"
#include "google/protobuf/descriptor.h"

namespace dataservice::rules {

struct MessageProgram;

// The violation that a broken rule reports; built when the rule is compiled.
struct Verdict {
  std::string description;
  std::string rule_id;
  std::string rule_path;
  bool for_key = false;
};

// One rule. `holds` is thread-safe and has no state.
struct Check {
  std::function<bool(const Value&)> holds;
  Verdict broken;
};

// Requirements on text that do not depend on its rules.
enum class TextLimit { kNone, kNoNul, kNoNulAndUtf8 };

// The rules of one value: a singular field, an element of a list, the key or value of a map's
// entry, or a list or map as a whole.
struct ValueProgram {
  const google::protobuf::FieldDescriptor* field = nullptr;
  // For a google.protobuf wrapper: its field `value`, to which the rules apply.
  const google::protobuf::FieldDescriptor* unwrap = nullptr;
  bool skip_zero = false;
  TextLimit text_limit = TextLimit::kNone;
  bool for_key = false;
  std::vector<Check> checks;
  // The rules of the message that is the value; null if it has none.
  const MessageProgram* nested = nullptr;

  bool empty() const {
    return checks.empty() && text_limit == TextLimit::kNone && nested == nullptr;
  }
};

// Rules of one field. For a list, `self` is the list and `item` its elements; for a
// map, `self` is the map, `key` and `item` its entries.
struct FieldProgram {
  const google::protobuf::FieldDescriptor* field = nullptr;
  bool repeated = false;  // a list or map
  bool has_presence = false;
  // The violation of a field that is not set; null if the field is optional.
  std::unique_ptr<Verdict> required;
  // Other rules do not apply to a field that is not set.
  bool skip_unset = false;
  ValueProgram self;
  ValueProgram key;
  ValueProgram item;

  bool empty() const { return required == nullptr && self.empty() && key.empty() && item.empty(); }
};

// At least one member of a oneof must be set.
struct RequiredOneof {
  const google::protobuf::OneofDescriptor* oneof;
  Verdict broken;
};

// At most one of the fields may be set; exactly one, if required.
struct MessageOneof {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  bool required;
  Verdict several;
  Verdict none;
};

struct MessageProgram {
  std::vector<MessageOneof> message_oneofs;
  std::vector<RequiredOneof> oneofs;
  std::vector<FieldProgram> fields;

  bool empty() const { return message_oneofs.empty() && oneofs.empty() && fields.empty(); }
};

// Which rules of a message type apply to a field of the type.
enum class Scope {
  kAll,
  // Below a field with ignore = IGNORE_ALWAYS: only the checks that apply to all data
  // (ValidatorOptions::refuse_nul, refuse_malformed).
  kLimitsOnly,
};

}  // namespace dataservice::rules
