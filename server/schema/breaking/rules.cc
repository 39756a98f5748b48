#include "schema/breaking/rules.h"

#include <google/protobuf/dynamic_message.h>

#include "absl/strings/str_cat.h"
#include "contract/options.h"
#include "contract/rules/validator.h"
#include "schema/breaking/rule_family.h"

namespace dataservice::breaking {
namespace {

using buf::validate::FieldRules;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The rules of the field's type, or null.
const FieldDescriptor* FamilyOf(const FieldRules& rules) {
  return rules.GetReflection()->GetOneofFieldDescriptor(
      rules, FieldRules::descriptor()->FindOneofByName("type"));
}

// Families in which rules with the same name have the same meaning.
bool Comparable(const FieldDescriptor& a, const FieldDescriptor& b) {
  const auto is_numeric = [](const FieldDescriptor& family) {
    const FieldDescriptor* bound = family.message_type()->FindFieldByName("lt");
    return bound != nullptr && bound->message_type() == nullptr;
  };
  return &a == &b || (is_numeric(a) && is_numeric(b));
}

void CompareCel(const FieldRules& before, const FieldRules& after,
                std::vector<RuleChange>& changes) {
  const auto only_cel = [](const FieldRules& rules) {
    FieldRules cel;
    *cel.mutable_cel() = rules.cel();
    *cel.mutable_cel_expression() = rules.cel_expression();
    return cel.SerializeAsString();
  };
  if (after.cel_size() + after.cel_expression_size() > 0 && only_cel(before) != only_cel(after)) {
    changes.push_back({false, "cel", "another, or none"});
  }
}

}  // namespace

std::vector<RuleChange> CompareRules(const FieldRules& before, const FieldRules& after,
                                     KnownValues known) {
  std::vector<RuleChange> changes;
  if (after.ignore() == buf::validate::IGNORE_ALWAYS) return changes;
  const FieldRules had = before.ignore() == buf::validate::IGNORE_ALWAYS ? FieldRules() : before;
  if (!known.skip_required && after.required() && !had.required()) {
    changes.push_back({true, "required: true", "absent"});
  }
  const FieldDescriptor* family = FamilyOf(after);
  const bool zero_was_free = had.ignore() == buf::validate::IGNORE_IF_ZERO_VALUE;
  const bool zero_is_free = after.ignore() == buf::validate::IGNORE_IF_ZERO_VALUE;
  if (zero_was_free && !zero_is_free && family != nullptr) {
    changes.push_back({true, "ignore: IGNORE_UNSPECIFIED", "ignore: IGNORE_IF_ZERO_VALUE"});
  }
  CompareCel(had, after, changes);
  if (family == nullptr) return changes;
  const Message& is = after.GetReflection()->GetMessage(after, family);
  const FieldDescriptor* old_family = FamilyOf(had);
  const bool comparable = old_family != nullptr && Comparable(*old_family, *family);
  // Without a comparable family, compares with an empty one.
  const FieldRules none;
  const Message& was = comparable ? had.GetReflection()->GetMessage(had, old_family)
                                  : none.GetReflection()->GetMessage(none, family);
  CompareFamily(was, is, absl::StrCat(family->name(), "."), known, changes);
  return changes;
}

bool AddRuleChanges(const FieldDescriptor& before, const FieldDescriptor& after, KnownValues known,
                    Findings& findings) {
  const auto changes = CompareRules(before.options().GetExtension(buf::validate::field),
                                    after.options().GetExtension(buf::validate::field), known);
  for (const RuleChange& change : changes) {
    findings.Add(change.tightened ? "RULE_TIGHTENED" : "RULE_CHANGED", before.full_name(),
                 absl::StrCat("is ", change.rule, ", was ", change.was, ": ",
                              change.tightened ? ""
                                               : "whether all that was allowed still is, is "
                                                 "not known, and ",
                              "what does not obey it is refused; keep the old rule, or bring the "
                              "values in line first"));
  }
  return !changes.empty();
}

bool IsRequired(const FieldDescriptor& field) {
  const auto& rules = field.options().GetExtension(buf::validate::field);
  return HasBehavior(field, google::api::REQUIRED) ||
         (rules.required() && rules.ignore() != buf::validate::IGNORE_ALWAYS);
}

bool RefusesAbsence(const FieldDescriptor& field) {
  // The server creates keys, and ignores values of OUTPUT_ONLY fields.
  if (HasBehavior(field, google::api::OUTPUT_ONLY) || HasBehavior(field, google::api::IDENTIFIER)) {
    return false;
  }
  const auto validator = Validator::Compile(field.containing_type(), {});
  if (!validator.ok()) return IsRequired(field);
  google::protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<Message> empty(factory.GetPrototype(field.containing_type())->New());
  std::vector<Violation> violations;
  (*validator)->ValidateField(*empty, &field, "", &violations);
  return !violations.empty();
}

}  // namespace dataservice::breaking
