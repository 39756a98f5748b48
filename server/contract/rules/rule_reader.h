// Reads one rules message of buf.validate (StringRules, Int32Rules, ...) and ensures that every
// rule that is set is read. It rejects a rule from a newer validate.proto instead of ignoring it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/rules/program.h"
#include "contract/rules/refusals.h"
#include "contract/rules/value.h"
#include "google/protobuf/message.h"

namespace dataservice::rules {

// The place of the rules in the contract.
struct Place {
  std::string subject;    // "file.proto: package.Message.field"
  std::string option;     // "(buf.validate.field).repeated.items"
  std::string rule_path;  // "repeated.items.", or empty
  bool for_key = false;
};

class RuleReader {
 public:
  // `type` is the name of the rules in FieldRules: "string". All references must outlive the
  // reader.
  RuleReader(const google::protobuf::Message& rules, std::string_view type, const Place& place,
             Refusals* refusals)
      : rules_(rules), type_(type), place_(place), refusals_(refusals) {}

  // The value of a rule, absent if it is not set.
  std::optional<Value> Take(std::string_view rule);
  // The values of a repeated rule.
  std::vector<Value> TakeList(std::string_view rule);
  // Whether a boolean rule is set to true.
  bool TakeFlag(std::string_view rule);

  // The violation of a value that breaks `rule`. `suffix` makes the id of a variant: "_empty".
  Verdict Say(std::string_view rule, std::string description, std::string_view suffix = "") const;

  void Refuse(std::string_view rule, std::string_view problem, std::string_view remedy);
  // Rejects a rule that no value can obey.
  void RefuseUnsatisfiable(std::string_view rule, std::string_view problem);
  // Rejects `rule` (const, in) unless one of the values that it allows obeys `checks`.
  void RequireOneOf(std::string_view rule, const std::vector<Value>& allowed,
                    const std::vector<Check>& checks);

  // Rejects every rule that is set and was not taken. Call it last.
  void Finish();

  const google::protobuf::Message& rules() const { return rules_; }

 private:
  const google::protobuf::FieldDescriptor* Find(std::string_view rule);

  const google::protobuf::Message& rules_;
  const std::string type_;
  const Place& place_;
  Refusals* refusals_;
  std::set<const google::protobuf::FieldDescriptor*> taken_;
};

}  // namespace dataservice::rules
