// Rules of fields, list elements and map entries.
#include "contract/rules/compiler.h"
#include "contract/rules/documented.h"
#include "contract/rules/options.h"
#include "contract/rules/rule_families.h"
#include "contract/rules/wrapper.h"

namespace dataservice::rules {

using buf::validate::FieldRules;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

namespace {

constexpr const char* kFieldOption = "(buf.validate.field)";
constexpr const char* kNotStandard = "remove it, or say it with the standard rules";

// The field inside a wrapper message; null for any other field.
const FieldDescriptor* WrappedField(const FieldDescriptor* field) {
  const FieldDescriptor& value = UnwrappedField(*field);
  return &value == field ? nullptr : &value;
}

// The name of the member of FieldRules for a value of `field`; empty if there is none.
std::string TypeOf(const FieldDescriptor* field) {
  if (const FieldDescriptor* wrapped = WrappedField(field)) return wrapped->type_name();
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return field->type_name();
  switch (field->message_type()->well_known_type()) {
    case google::protobuf::Descriptor::WELLKNOWNTYPE_ANY:
      return "any";
    case google::protobuf::Descriptor::WELLKNOWNTYPE_DURATION:
      return "duration";
    case google::protobuf::Descriptor::WELLKNOWNTYPE_FIELDMASK:
      return "field_mask";
    case google::protobuf::Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      return "timestamp";
    default:
      return "";
  }
}

TextLimit LimitOf(const FieldDescriptor* field, const ValidatorOptions& options) {
  if (!options.refuse_nul || field->type() != FieldDescriptor::TYPE_STRING) {
    return TextLimit::kNone;
  }
  return field->file()->syntax() == google::protobuf::FileDescriptor::SYNTAX_PROTO3
             ? TextLimit::kNoNul
             : TextLimit::kNoNulAndUtf8;
}

std::unique_ptr<Verdict> RequiredVerdict(const char* rule_path) {
  auto verdict = std::make_unique<Verdict>();
  verdict->rule_id = "required";
  verdict->rule_path = rule_path;
  verdict->description = "value is required";
  return verdict;
}

Place Inside(const Place& place, const std::string& part) {
  return {place.subject, place.option + "." + part, place.rule_path + part + ".", place.for_key};
}

}  // namespace

FieldProgram Compiler::CompileField(const FieldDescriptor* field,
                                    const buf::validate::MessageRules& message_rules, Scope scope) {
  const FieldOptions options = scope == Scope::kAll ? ReadOptions(*field) : FieldOptions();
  const FieldRules& rules = options.rules;
  const Place place{Subject(*field), kFieldOption, ""};
  FieldProgram program;
  program.field = field;
  program.repeated = field->is_repeated();
  program.has_presence = field->has_presence();
  if (options.predefined) {
    refusals_.Add(place.subject, "(buf.validate.predefined)",
                  "predefined rules are CEL expressions, which are not enforced", kNotStandard);
  }

  const bool ignored = rules.ignore() == buf::validate::IGNORE_ALWAYS;
  if (ignored) scope = Scope::kLimitsOnly;
  if (rules.required() && !ignored) {
    program.required = RequiredVerdict("required");
  } else if (options.required && options_.field_behavior_required) {
    program.required = RequiredVerdict("");
  }
  const bool ignore_zero = rules.has_ignore()
                               ? rules.ignore() == buf::validate::IGNORE_IF_ZERO_VALUE
                               : options.has_rules && IsOneofMember(message_rules, *field);
  program.skip_unset = field->has_presence() || ignore_zero;

  if (field->is_map()) {
    CompileMap(rules, place, scope, &program);
  } else if (field->is_repeated()) {
    CompileRepeated(rules, place, scope, &program);
  } else {
    program.self = CompileValue(field, rules, place, scope);
    program.self.skip_zero = false;  // skip_unset has it
  }
  return program;
}

void Compiler::CompileRepeated(const FieldRules& rules, const Place& place, Scope scope,
                               FieldProgram* program) {
  const FieldDescriptor* field = program->field;
  program->self.field = field;
  FieldRules items;
  if (scope == Scope::kAll) {
    RefuseUnenforced(rules, place);
    if (const Message* own = TypeRules(rules, "repeated", place)) {
      RuleReader reader(*own, "repeated", place, &refusals_);
      CompileListRules(reader, field, &program->self.checks);
      if (reader.Take("items")) items = rules.repeated().items();
      reader.Finish();
    }
  }
  program->item = CompileValue(field, items, Inside(place, "repeated.items"), scope);
}

void Compiler::CompileMap(const FieldRules& rules, const Place& place, Scope scope,
                          FieldProgram* program) {
  const FieldDescriptor* field = program->field;
  program->self.field = field;
  FieldRules keys;
  FieldRules values;
  if (scope == Scope::kAll) {
    RefuseUnenforced(rules, place);
    if (const Message* own = TypeRules(rules, "map", place)) {
      RuleReader reader(*own, "map", place, &refusals_);
      CompileMapRules(reader, &program->self.checks);
      if (reader.Take("keys")) keys = rules.map().keys();
      if (reader.Take("values")) values = rules.map().values();
      reader.Finish();
    }
  }
  Place key_place = Inside(place, "map.keys");
  key_place.for_key = true;
  program->key = CompileValue(field->message_type()->map_key(), keys, key_place, scope);
  program->item =
      CompileValue(field->message_type()->map_value(), values, Inside(place, "map.values"), scope);
}

ValueProgram Compiler::CompileValue(const FieldDescriptor* field, const FieldRules& rules,
                                    const Place& place, Scope scope) {
  ValueProgram program;
  program.field = field;
  program.for_key = place.for_key;
  program.unwrap = WrappedField(field);
  program.text_limit = LimitOf(program.unwrap ? program.unwrap : field, options_);
  if (rules.ignore() == buf::validate::IGNORE_ALWAYS) scope = Scope::kLimitsOnly;

  const std::string type = TypeOf(field);
  if (options_.refuse_malformed && !(scope == Scope::kAll && rules.enum_().defined_only())) {
    CompileDocumented(field, options_, &program.checks);
  }
  if (scope == Scope::kAll) {
    program.skip_zero = rules.ignore() == buf::validate::IGNORE_IF_ZERO_VALUE;
    RefuseUnenforced(rules, place);
    if (const Message* own = TypeRules(rules, type, place)) {
      CompileTypeRules(field, *own, type, place, &program);
    }
  }
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && program.unwrap == nullptr) {
    program.nested = Program(field->message_type(), scope);
  }
  return program;
}

void Compiler::CompileTypeRules(const FieldDescriptor* field, const Message& rules,
                                const std::string& type, const Place& place,
                                ValueProgram* program) {
  RuleReader reader(rules, type, place, &refusals_);
  std::vector<Check>* checks = &program->checks;
  if (type == "bool") {
    CompileBoolRules(reader, checks);
  } else if (type == "enum") {
    CompileEnumRules(reader, field->enum_type(), checks);
  } else if (type == "string") {
    CompileStringRules(reader, checks);
  } else if (type == "bytes") {
    CompileBytesRules(reader, checks);
  } else if (type == "duration") {
    CompileDurationRules(reader, checks);
  } else if (type == "timestamp") {
    CompileTimestampRules(reader, now_, checks);
  } else if (type == "any") {
    CompileAnyRules(reader, checks);
  } else if (type == "field_mask") {
    CompileFieldMaskRules(reader, checks);
  } else {
    CompileNumericRules(reader, checks);
  }
  reader.Finish();
}

void Compiler::RefuseUnenforced(const FieldRules& rules, const Place& place) {
  std::vector<const FieldDescriptor*> set;
  rules.GetReflection()->ListFields(rules, &set);
  for (const FieldDescriptor* field : set) {
    if (field->containing_oneof() != nullptr) continue;  // TypeRules looks at it
    const std::string& name = field->name();
    if (name == "required" || name == "ignore") continue;
    const bool cel = name == "cel" || name == "cel_expression";
    refusals_.Add(place.subject, place.option + "." + name,
                  cel ? "CEL expressions are not enforced"
                      : "this server does not know how to enforce the rule",
                  kNotStandard);
  }
  const auto& unknown = rules.GetReflection()->GetUnknownFields(rules);
  for (int i = 0; i < unknown.field_count(); ++i) {
    refusals_.Add(
        place.subject, place.option + ".<number " + std::to_string(unknown.field(i).number()) + ">",
        "the rule is of another version of buf.validate, and is not enforced", kNotStandard);
  }
}

const Message* Compiler::TypeRules(const FieldRules& rules, const std::string& type,
                                   const Place& place) {
  const auto* oneof = FieldRules::descriptor()->FindOneofByName("type");
  const FieldDescriptor* set = rules.GetReflection()->GetOneofFieldDescriptor(rules, oneof);
  if (set == nullptr) return nullptr;
  if (set->name() != type) {
    refusals_.Add(place.subject, place.option + "." + set->name(),
                  "the rules are for another type of field",
                  type.empty() ? "remove them" : "use the rules `" + type + "`");
    return nullptr;
  }
  return &rules.GetReflection()->GetMessage(rules, set);
}

}  // namespace dataservice::rules
