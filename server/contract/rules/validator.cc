#include "contract/rules/validator.h"

#include <utility>

#include "contract/rules/compiler.h"
#include "contract/rules/evaluate.h"

namespace dataservice {

absl::StatusOr<std::unique_ptr<Validator>> Validator::Compile(
    const google::protobuf::Descriptor* type, const ValidatorOptions& options) {
  rules::Compiler compiler(options);
  std::unique_ptr<rules::ProgramSet> programs = compiler.Compile(type);
  if (programs == nullptr) return compiler.refusals().ToStatus();
  auto validator = std::unique_ptr<Validator>(new Validator(std::move(programs)));
  validator->by_field_.resize(type->field_count());
  for (const rules::FieldProgram& field : validator->root_->fields) {
    validator->by_field_[field.field->index()] = &field;
  }
  return validator;
}

Validator::Validator(std::unique_ptr<rules::ProgramSet> programs)
    : programs_(std::move(programs)), root_(programs_->root) {}

Validator::~Validator() = default;

void Validator::Validate(const google::protobuf::Message& message, std::string_view prefix,
                         std::vector<Violation>* violations) const {
  if (root_->empty()) return;
  rules::Report report(prefix, kMaxViolations, violations);
  rules::CheckMessage(*root_, message, nullptr, report);
}

void Validator::ValidateField(const google::protobuf::Message& message,
                              const google::protobuf::FieldDescriptor* field,
                              std::string_view prefix, std::vector<Violation>* violations) const {
  const rules::FieldProgram* program = by_field_[field->index()];
  if (program == nullptr) return;
  rules::Report report(prefix, kMaxViolations, violations);
  rules::CheckField(*program, message, message.GetReflection(), nullptr, report);
}

}  // namespace dataservice
