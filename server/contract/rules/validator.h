// Checks messages against the rules of their contract: the standard rules of
// buf.validate (protovalidate) and google.api.field_behavior = REQUIRED.
//
// All work that does not depend on a message is done by Compile; a Validator is
// immutable afterwards and may be used by any number of threads. Checking a valid
// message allocates nothing, except where protobuf's reflection does (maps).
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "contract/rules/violation.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace dataservice {

namespace rules {
struct FieldProgram;
struct MessageProgram;
class ProgramSet;
}  // namespace rules

// How the rules of a field apply in this use of the message.
enum class FieldTreatment {
  kCheck,
  // A zero or absent value obeys every rule: for a key that the server generates.
  kMayBeEmpty,
  // The field is not checked, because the engine ignores its value (OUTPUT_ONLY).
  kIgnore,
};

struct ValidatorOptions {
  // Enforces google.api.field_behavior = REQUIRED: the value of a field without presence must not
  // be zero or an empty list, and a field with presence must be set.
  bool field_behavior_required = true;
  // Rejects text that PostgreSQL cannot store, at any depth: a NUL character, and invalid UTF-8
  // that the parser accepts (proto2). The rule ids are string.nul and string.utf8, which
  // protovalidate does not have.
  bool refuse_nul = true;
  // Rejects values of google.protobuf and google.type that contradict the documentation of these
  // packages or that ProtoJSON cannot express, and unknown numbers of enums (documented.h).
  bool refuse_malformed = true;
  // Whether a google.protobuf.Any may contain a message of that full name. Unset: any message.
  std::function<bool(std::string_view)> known_type;
  // Whether a field is a parameter of a method and is not stored: the paths of such a
  // google.protobuf.FieldMask may have any form. Unset: no field is.
  std::function<bool(const google::protobuf::FieldDescriptor&)> is_parameter;
  // Called once for each field of each reachable message, by Compile(). Unset: kCheck for all.
  std::function<FieldTreatment(const google::protobuf::FieldDescriptor&)> treatment;
  // The clock of lt_now, gt_now and within: nanoseconds since 1970. Unset: the system's.
  std::function<absl::int128()> now;
};

class Validator {
 public:
  // No call appends more violations than this.
  static constexpr size_t kMaxViolations = 100;

  // Compiles the rules of `type` and of every message type that it can contain.
  // Returns INVALID_ARGUMENT with one line for each rejected option, which has file, message,
  // field, option and remedy. Rejected are rules that are not enforced (CEL, predefined rules,
  // rules of a newer buf.validate), rules for another type of field, rules that no value can obey,
  // and malformed regular expressions.
  static absl::StatusOr<std::unique_ptr<Validator>> Compile(
      const google::protobuf::Descriptor* type, const ValidatorOptions& options);
  ~Validator();

  // Appends every broken rule of `message`, which must be of the compiled type.
  // `prefix`, if not empty, begins every path: prefix.field.
  void Validate(const google::protobuf::Message& message, std::string_view prefix,
                std::vector<Violation>* violations) const;

  // The same for one field of `message` and the messages inside it: for an update by mask. Does
  // not check rules over several fields (oneofs).
  void ValidateField(const google::protobuf::Message& message,
                     const google::protobuf::FieldDescriptor* field, std::string_view prefix,
                     std::vector<Violation>* violations) const;

 private:
  explicit Validator(std::unique_ptr<rules::ProgramSet> programs);

  std::unique_ptr<rules::ProgramSet> programs_;
  const rules::MessageProgram* root_;
  // By field index; null for a field without rules.
  std::vector<const rules::FieldProgram*> by_field_;
};

}  // namespace dataservice
