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

// What a field's own rules mean for this use of the message.
enum class FieldTreatment {
  kCheck,
  // The zero value or absence obeys every rule: a key that the server makes.
  kMayBeEmpty,
  // Not looked at: what the client sends there is dropped (OUTPUT_ONLY).
  kIgnore,
};

struct ValidatorOptions {
  // google.api.field_behavior = REQUIRED: a field without presence refuses its zero
  // value or empty list, one with presence must be set.
  bool field_behavior_required = true;
  // Refuses text that PostgreSQL cannot hold, at any depth: a NUL character, and
  // invalid UTF-8 where the parser lets it pass (proto2). Rule ids of our own:
  // string.nul, string.utf8.
  bool refuse_nul = true;
  // Refuses values of google.protobuf and google.type that are none by what these
  // document or that ProtoJSON cannot carry, and numbers that an enum does not have
  // (documented.h).
  bool refuse_malformed = true;
  // Whether a google.protobuf.Any may hold a message of that full name. Unset: any.
  std::function<bool(std::string_view)> known_type;
  // Whether a field says what a method does and is not stored: the paths of such a
  // google.protobuf.FieldMask may have any form. Unset: none does.
  std::function<bool(const google::protobuf::FieldDescriptor&)> is_parameter;
  // Asked once for every field of every reachable message, at compile time. Unset:
  // kCheck for all.
  std::function<FieldTreatment(const google::protobuf::FieldDescriptor&)> treatment;
  // The clock of lt_now, gt_now and within: nanoseconds since 1970. Unset: the system's.
  std::function<absl::int128()> now;
};

class Validator {
 public:
  // No call appends more violations than this.
  static constexpr size_t kMaxViolations = 100;

  // Compiles the rules of `type` and of every message type that it can contain.
  // INVALID_ARGUMENT lists every option that is refused, one a line, with file,
  // message, field, option and remedy: rules that are not enforced (CEL, predefined
  // rules, rules of a newer buf.validate), rules on a field of another type, rules
  // that no value can obey, bad regular expressions.
  static absl::StatusOr<std::unique_ptr<Validator>> Compile(
      const google::protobuf::Descriptor* type, const ValidatorOptions& options);
  ~Validator();

  // Appends every broken rule of `message`, which must be of the compiled type.
  // `prefix`, if not empty, stands before every path: prefix.field.
  void Validate(const google::protobuf::Message& message, std::string_view prefix,
                std::vector<Violation>* violations) const;

  // The same for one field of `message` and what is below it: for an update by mask.
  // Rules over several fields (oneofs) are not looked at.
  void ValidateField(const google::protobuf::Message& message,
                     const google::protobuf::FieldDescriptor* field, std::string_view prefix,
                     std::vector<Violation>* violations) const;

 private:
  explicit Validator(std::unique_ptr<rules::ProgramSet> programs);

  std::unique_ptr<rules::ProgramSet> programs_;
  const rules::MessageProgram* root_;
  // By field index; null where a field has no rules.
  std::vector<const rules::FieldProgram*> by_field_;
};

}  // namespace dataservice
