#include "schema/breaking/json.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "contract/rules/wrapper.h"
#include "schema/breaking/oneofs.h"
#include "schema/breaking/rules.h"
#include "schema/breaking/types.h"

namespace dataservice::breaking {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

namespace {

const FieldDescriptor* FindByJsonName(const Descriptor& message, const std::string& name) {
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->json_name() == name) return message.field(i);
  }
  return nullptr;
}

}  // namespace

void JsonComparison::CompareField(const FieldDescriptor& before, const FieldDescriptor& after) {
  if (LabelText(before) != LabelText(after)) {
    AddTypeChange(before, before, after);
  } else if (before.is_map()) {
    const Descriptor& was = *before.message_type();
    const Descriptor& is = *after.message_type();
    // Keys are strings in JSON, but not every string is a key of another type.
    if (was.map_key()->type() != is.map_key()->type()) {
      AddTypeChange(before, before, after);
    } else {
      CompareValues(before, *was.map_value(), *is.map_value());
    }
  } else {
    CompareValues(before, before, after);
  }
}

void JsonComparison::CompareValues(const FieldDescriptor& named, const FieldDescriptor& before,
                                   const FieldDescriptor& after) {
  // The JSON of a wrapper is that of its value.
  const FieldDescriptor& was = UnwrappedField(before);
  const FieldDescriptor& is = UnwrappedField(after);
  if (was.message_type() != nullptr && is.message_type() != nullptr) {
    const std::string& name = was.message_type()->full_name();
    const bool foreign = absl::StartsWith(name, "google.") ||
                         absl::StartsWith(is.message_type()->full_name(), "google.");
    if (!foreign) {
      CompareMessages(*was.message_type(), *is.message_type());
    } else if (name != is.message_type()->full_name()) {
      AddTypeChange(named, before, after);
    }
    return;
  }
  const TypeDifference change = CompareScalars(was, is, /*enums_are_names=*/true);
  if (change == TypeDifference::kNarrower || change == TypeDifference::kOther) {
    AddTypeChange(named, before, after);
  } else if (was.enum_type() != nullptr && is.enum_type() != nullptr) {
    CompareNames(named, *was.enum_type(), *is.enum_type());
  }
}

void JsonComparison::CompareMessages(const Descriptor& before, const Descriptor& after) {
  if (!seen_.emplace(&before, &after).second) return;
  for (int i = 0; i < before.field_count(); ++i) CompareMember(*before.field(i), after);
  AddOneofChanges(before, after, findings_);
}

void JsonComparison::CompareMember(const FieldDescriptor& before, const Descriptor& after) {
  const FieldDescriptor* same = FindByJsonName(after, before.json_name());
  if (same == nullptr) {
    const FieldDescriptor* renamed = after.FindFieldByNumber(before.number());
    if (renamed == nullptr) {
      findings_.Add("JSON_FIELD_REMOVED", before.full_name(),
                    absl::StrCat("jsonb columns hold \"", before.json_name(),
                                 "\", which nothing reads any more; keep the field "
                                 "(deprecated = true)"));
    } else {
      findings_.Add(
          "JSON_FIELD_RENAMED", before.full_name(),
          absl::StrCat("jsonb columns hold \"", before.json_name(), "\", and what is read is \"",
                       renamed->json_name(), "\"; keep the name with json_name = \"",
                       before.json_name(), "\", or rewrite the rows"));
    }
    return;
  }
  CompareField(before, *same);
  if (IsRequired(*same) && !IsRequired(before)) {
    findings_.Add("RULE_TIGHTENED", before.full_name(),
                  "is required, and was not: messages in jsonb that lack it are refused when they "
                  "are written back; drop that, or fill them in first");
  }
  const bool not_empty = IsRequired(before) && !before.has_presence();
  AddRuleChanges(before, *same, {.not_empty = not_empty, .skip_required = true}, findings_);
}

void JsonComparison::CompareNames(const FieldDescriptor& named, const EnumDescriptor& before,
                                  const EnumDescriptor& after) {
  std::vector<std::string> gone;
  for (int i = 0; i < before.value_count(); ++i) {
    if (after.FindValueByName(before.value(i)->name()) == nullptr) {
      gone.push_back(before.value(i)->name());
    }
  }
  if (gone.empty()) return;
  findings_.Add("JSON_ENUM_VALUE_REMOVED", named.full_name(),
                absl::StrCat("jsonb columns may hold \"", absl::StrJoin(gone, "\" and \""),
                             "\", which ", after.full_name(),
                             " has no more; keep the names (deprecated = true), or rewrite the "
                             "rows"));
}

void JsonComparison::AddTypeChange(const FieldDescriptor& named, const FieldDescriptor& before,
                                   const FieldDescriptor& after) {
  const auto text = [](const FieldDescriptor& field) {
    return absl::StrCat(field.is_map() ? "" : LabelText(field) + " ", TypeText(field));
  };
  findings_.Add("JSON_TYPE_CHANGED", named.full_name(),
                absl::StrCat("was ", text(before), ", is ", text(after),
                             ": what jsonb columns hold is not, or not all, of that type; add a "
                             "field beside it"));
}

}  // namespace dataservice::breaking
