#include "contract/rules/rule_reader.h"

#include <algorithm>

#include "google/protobuf/unknown_field_set.h"

namespace dataservice::rules {

using google::protobuf::FieldDescriptor;

const FieldDescriptor* RuleReader::Find(std::string_view rule) {
  const FieldDescriptor* field = rules_.GetDescriptor()->FindFieldByName(std::string(rule));
  if (field != nullptr) taken_.insert(field);
  return field;
}

std::optional<Value> RuleReader::Take(std::string_view rule) {
  const FieldDescriptor* field = Find(rule);
  if (field == nullptr || !IsSet(rules_, field)) return std::nullopt;
  return ReadField(rules_, field);
}

std::vector<Value> RuleReader::TakeList(std::string_view rule) {
  std::vector<Value> values;
  if (const FieldDescriptor* field = Find(rule); field != nullptr) {
    const int size = rules_.GetReflection()->FieldSize(rules_, field);
    for (int i = 0; i < size; ++i) values.push_back(ReadItem(rules_, field, i));
  }
  return values;
}

bool RuleReader::TakeFlag(std::string_view rule) {
  const std::optional<Value> value = Take(rule);
  return value.has_value() && value->i != 0;
}

Verdict RuleReader::Say(std::string_view rule, std::string description,
                        std::string_view suffix) const {
  Verdict verdict;
  verdict.description = std::move(description);
  verdict.rule_id = type_ + "." + std::string(rule);
  verdict.rule_path = place_.rule_path + verdict.rule_id;
  verdict.rule_id += suffix;
  verdict.for_key = place_.for_key;
  return verdict;
}

void RuleReader::Refuse(std::string_view rule, std::string_view problem, std::string_view remedy) {
  refusals_->Add(place_.subject, place_.option + "." + type_ + "." + std::string(rule), problem,
                 remedy);
}

void RuleReader::RefuseUnsatisfiable(std::string_view rule, std::string_view problem) {
  Refuse(rule, problem, "no value can obey it: correct the rules of the field");
}

void RuleReader::RequireOneOf(std::string_view rule, const std::vector<Value>& allowed,
                              const std::vector<Check>& checks) {
  if (allowed.empty()) return;
  const bool satisfiable = std::any_of(allowed.begin(), allowed.end(), [&](const Value& value) {
    return std::all_of(checks.begin(), checks.end(),
                       [&](const Check& check) { return check.holds(value); });
  });
  if (!satisfiable) {
    RefuseUnsatisfiable(rule, "every value that it allows breaks another rule of the field");
  }
}

void RuleReader::Finish() {
  std::vector<const FieldDescriptor*> set;
  rules_.GetReflection()->ListFields(rules_, &set);
  for (const FieldDescriptor* field : set) {
    if (taken_.contains(field)) continue;
    const bool predefined = field->is_extension();
    Refuse(predefined ? "(" + field->full_name() + ")" : field->name(),
           predefined ? "predefined rules are CEL expressions, which are not enforced"
                      : "this server does not know how to enforce the rule",
           "remove it, or say it with the standard rules");
  }
  const auto& unknown = rules_.GetReflection()->GetUnknownFields(rules_);
  for (int i = 0; i < unknown.field_count(); ++i) {
    Refuse("<number " + std::to_string(unknown.field(i).number()) + ">",
           "the rule is predefined (CEL) or of a newer buf.validate, and is not enforced",
           "remove it, or say it with the standard rules");
  }
}

}  // namespace dataservice::rules
