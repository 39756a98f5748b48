#include "schema/breaking/oneofs.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "buf/validate/validate.pb.h"

namespace dataservice::breaking {
namespace {

using google::protobuf::Descriptor;

// At most one of the fields may be set; if it is required, exactly one.
struct Choice {
  std::string name;
  std::set<int> fields;  // numbers
  bool required = false;
};

std::vector<Choice> ChoicesOf(const Descriptor& message) {
  std::vector<Choice> choices;
  for (int i = 0; i < message.real_oneof_decl_count(); ++i) {
    const auto& oneof = *message.oneof_decl(i);
    Choice choice;
    choice.name = absl::StrCat("the oneof ", oneof.name());
    for (int j = 0; j < oneof.field_count(); ++j) choice.fields.insert(oneof.field(j)->number());
    choice.required = oneof.options().GetExtension(buf::validate::oneof).required();
    choices.push_back(std::move(choice));
  }
  for (const auto& rule : message.options().GetExtension(buf::validate::message).oneof()) {
    Choice choice;
    choice.name = "the rule (buf.validate.message).oneof of";
    for (const std::string& name : rule.fields()) {
      absl::StrAppend(&choice.name, " ", name);
      const auto* field = message.FindFieldByName(name);
      if (field != nullptr) choice.fields.insert(field->number());
    }
    choice.required = rule.required();
    choices.push_back(std::move(choice));
  }
  return choices;
}

bool Includes(const std::set<int>& outer, const std::set<int>& inner) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

}  // namespace

void AddOneofChanges(const Descriptor& before, const Descriptor& after, Findings& findings) {
  const std::vector<Choice> were = ChoicesOf(before);
  for (const Choice& choice : ChoicesOf(after)) {
    // No stored message has a new field yet.
    std::set<int> known;
    for (const int number : choice.fields) {
      if (before.FindFieldByNumber(number) != nullptr) known.insert(number);
    }
    const bool at_most_one =
        known.size() <= 1 || std::any_of(were.begin(), were.end(), [&](const Choice& was) {
          return Includes(was.fields, known);
        });
    if (!at_most_one) {
      findings.Add("ONEOF_TIGHTENED", before.full_name(),
                   absl::StrCat(choice.name,
                                " allows one of fields that could be set together; "
                                "leave them apart, or bring the values in line first"));
    }
    const bool one_is_set =
        !choice.required || std::any_of(were.begin(), were.end(), [&](const Choice& was) {
          return was.required && Includes(choice.fields, was.fields);
        });
    if (!one_is_set) {
      findings.Add("ONEOF_TIGHTENED", before.full_name(),
                   absl::StrCat(choice.name,
                                " requires one of its fields, and none could be set; "
                                "drop `required`, or bring the values in line first"));
    }
  }
}

}  // namespace dataservice::breaking
