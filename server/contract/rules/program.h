// Compiled rules: flat vectors of checks, one program a message type.
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

// What is said of a value that breaks a rule; made at compile time.
struct Verdict {
  std::string description;
  std::string rule_id;
  std::string rule_path;
  bool for_key = false;
};

// One rule. `holds` is called by many threads at once and keeps no state.
struct Check {
  std::function<bool(const Value&)> holds;
  Verdict broken;
};

// What text must be fit for, whatever its rules are.
enum class TextLimit { kNone, kNoNul, kNoNulAndUtf8 };

// Rules of one value: a singular field, an element of a list, a map's key or value; or
// of a list or map as a whole.
struct ValueProgram {
  const google::protobuf::FieldDescriptor* field = nullptr;
  // For a google.protobuf wrapper: its field `value`, which the rules are about.
  const google::protobuf::FieldDescriptor* unwrap = nullptr;
  bool skip_zero = false;
  TextLimit text_limit = TextLimit::kNone;
  bool for_key = false;
  std::vector<Check> checks;
  // Rules inside of the message that the value is; null for none.
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
  // Said when the field is not set; null where it need not be.
  std::unique_ptr<Verdict> required;
  // No other rule looks at a field that is not set.
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

// Which rules of a message type apply where it stands.
enum class Scope {
  kAll,
  // Below a field with ignore = IGNORE_ALWAYS: only what must hold of any data
  // (ValidatorOptions::refuse_nul, refuse_malformed).
  kLimitsOnly,
};

}  // namespace dataservice::rules
