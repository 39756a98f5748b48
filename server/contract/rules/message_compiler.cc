// Rules of a message as a whole, and the traversal of all types.
#include <algorithm>
#include <set>

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "contract/rules/compiler.h"

namespace dataservice::rules {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

namespace {

constexpr const char* kMessageOption = "(buf.validate.message)";
constexpr const char* kOneofOption = "(buf.validate.oneof)";
constexpr const char* kNoCel = "CEL expressions are not enforced";
constexpr const char* kRemoveCel = "remove it, or say it with the standard rules";

absl::int128 SystemNow() { return absl::GetCurrentTimeNanos(); }

// Rejects every rule that is set in `rules` and not among `enforced`.
void RefuseOthers(const google::protobuf::Message& rules, const std::set<std::string>& enforced,
                  const std::string& subject, const std::string& option, Refusals* refusals) {
  std::vector<const FieldDescriptor*> set;
  rules.GetReflection()->ListFields(rules, &set);
  for (const FieldDescriptor* field : set) {
    if (enforced.contains(field->name())) continue;
    const bool cel = field->name() == "cel" || field->name() == "cel_expression";
    refusals->Add(subject, option + "." + field->name(),
                  cel ? kNoCel : "this server does not know how to enforce it", kRemoveCel);
  }
  const auto& unknown = rules.GetReflection()->GetUnknownFields(rules);
  for (int i = 0; i < unknown.field_count(); ++i) {
    refusals->Add(subject, option + ".<number " + std::to_string(unknown.field(i).number()) + ">",
                  "the option is of another version of buf.validate, and is not enforced",
                  "remove it");
  }
}

}  // namespace

Compiler::Compiler(const ValidatorOptions& options)
    : options_(options),
      now_(options.now ? options.now : SystemNow),
      set_(std::make_unique<ProgramSet>()) {}

std::unique_ptr<ProgramSet> Compiler::Compile(const Descriptor* root) {
  set_->root = Program(root, Scope::kAll);
  if (!refusals_.ToStatus().ok()) return nullptr;
  Prune();
  return std::move(set_);
}

const MessageProgram* Compiler::Program(const Descriptor* type, Scope scope) {
  // Inserted before it is compiled, because a type may contain itself.
  auto [entry, inserted] = set_->programs.try_emplace({type, scope});
  if (inserted) {
    entry->second = std::make_unique<MessageProgram>();
    CompileMessage(type, scope, entry->second.get());
  }
  return entry->second.get();
}

void Compiler::CompileMessage(const Descriptor* type, Scope scope, MessageProgram* program) {
  buf::validate::MessageRules rules;
  if (scope == Scope::kAll) {
    rules = ReadOptions(*type);
    RefuseOthers(rules, {"oneof"}, Subject(*type), kMessageOption, &refusals_);
    CompileMessageOneofs(type, rules, program);
    CompileOneofs(type, program);
  }
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const FieldTreatment treatment =
        options_.treatment ? options_.treatment(*field) : FieldTreatment::kCheck;
    if (treatment == FieldTreatment::kIgnore) continue;
    FieldProgram compiled = CompileField(field, rules, scope);
    if (treatment == FieldTreatment::kMayBeEmpty) {
      compiled.required = nullptr;
      compiled.skip_unset = true;
      compiled.self.skip_zero = true;
    }
    if (!compiled.empty()) program->fields.push_back(std::move(compiled));
  }
  RefuseRivals(*program);
}

void Compiler::CompileMessageOneofs(const Descriptor* type,
                                    const buf::validate::MessageRules& rules,
                                    MessageProgram* program) {
  for (const auto& rule : rules.oneof()) {
    const std::string option = std::string(kMessageOption) + ".oneof";
    RefuseOthers(rule, {"fields", "required"}, Subject(*type), option, &refusals_);
    if (rule.fields().empty()) {
      refusals_.Add(Subject(*type), option, "it names no field", "name at least one");
    }
    MessageOneof compiled;
    for (const std::string& name : rule.fields()) {
      const FieldDescriptor* field = type->FindFieldByName(name);
      if (field == nullptr) {
        refusals_.Add(Subject(*type), option, "the message has no field " + name,
                      "name fields of this message");
      } else if (std::count(compiled.fields.begin(), compiled.fields.end(), field) > 0) {
        refusals_.Add(Subject(*type), option, "it names " + name + " twice", "name it once");
      } else {
        compiled.fields.push_back(field);
      }
    }
    const std::string names = absl::StrJoin(rule.fields(), ", ");
    compiled.required = rule.required();
    compiled.several.rule_id = compiled.none.rule_id = "message.oneof";
    compiled.several.description = "only one of " + names + " can be set";
    compiled.none.description = "one of " + names + " must be set";
    program->message_oneofs.push_back(std::move(compiled));
  }
}

void Compiler::CompileOneofs(const Descriptor* type, MessageProgram* program) {
  for (int i = 0; i < type->real_oneof_decl_count(); ++i) {
    const auto* oneof = type->oneof_decl(i);  // the real ones come first
    const buf::validate::OneofRules rules = ReadOptions(*oneof);
    RefuseOthers(rules, {"required"}, Subject(*oneof->containing_type()) + "." + oneof->name(),
                 kOneofOption, &refusals_);
    if (!rules.required()) continue;
    RequiredOneof compiled;
    compiled.oneof = oneof;
    compiled.broken.rule_id = "required";
    compiled.broken.description = "exactly one field is required in oneof";
    program->oneofs.push_back(std::move(compiled));
  }
}

// Two members of one oneof cannot both be set.
void Compiler::RefuseRivals(const MessageProgram& program) {
  std::set<const google::protobuf::OneofDescriptor*> taken;
  for (const FieldProgram& field : program.fields) {
    const auto* oneof = field.field->real_containing_oneof();
    if (oneof == nullptr || field.required == nullptr) continue;
    if (!taken.insert(oneof).second) {
      refusals_.Add(Subject(*field.field), "required",
                    "another member of the oneof " + oneof->name() + " is required as well",
                    "require the oneof instead: option (buf.validate.oneof).required = true");
    }
  }
}

void Compiler::Prune() {
  // A program is needed if it has rules itself, or refers to a program that is needed.
  std::set<const MessageProgram*> needed;
  const auto has_own = [](const ValueProgram& value) {
    return !value.checks.empty() || value.text_limit != TextLimit::kNone;
  };
  const auto needs = [&](const FieldProgram& field) {
    if (field.required != nullptr) return true;
    for (const ValueProgram* value : {&field.self, &field.key, &field.item}) {
      if (has_own(*value) || needed.contains(value->nested)) return true;
    }
    return false;
  };
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& [key, program] : set_->programs) {
      if (needed.contains(program.get())) continue;
      if (!program->oneofs.empty() || !program->message_oneofs.empty() ||
          std::any_of(program->fields.begin(), program->fields.end(), needs)) {
        needed.insert(program.get());
        grown = true;
      }
    }
  }
  for (auto& [key, program] : set_->programs) {
    for (FieldProgram& field : program->fields) {
      for (ValueProgram* value : {&field.self, &field.key, &field.item}) {
        if (!needed.contains(value->nested)) value->nested = nullptr;
      }
    }
    std::erase_if(program->fields, [](const FieldProgram& field) { return field.empty(); });
  }
}

}  // namespace dataservice::rules
