#include "serve/request/part_rules.h"

#include <memory>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "buf/validate/validate.pb.h"
#include "serve/request/mask_path.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor& KeyField(const FieldDescriptor& map) {
  return *map.message_type()->map_key();
}

const FieldDescriptor& ValueField(const FieldDescriptor& map) {
  return *map.message_type()->map_value();
}

// As ProtoJSON writes it.
std::string KeyOf(const Message& entry, const FieldDescriptor& map) {
  const FieldDescriptor& key = KeyField(map);
  const auto& reflection = *entry.GetReflection();
  switch (key.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(entry, &key) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection.GetInt32(entry, &key));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection.GetInt64(entry, &key));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(reflection.GetUInt32(entry, &key));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(reflection.GetUInt64(entry, &key));
    default:
      return reflection.GetString(entry, &key);
  }
}

// As paths of violations have it.
std::string EntryPath(std::string_view path, const FieldDescriptor& map, const std::string& key) {
  const bool text = KeyField(map).cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  return text ? absl::StrCat(std::string(path), "[\"", absl::Utf8SafeCEscape(key), "\"]")
              : absl::StrCat(std::string(path), "[", key, "]");
}

bool LimitsPairs(const FieldDescriptor& map) {
  const auto& rules = map.options().GetExtension(buf::validate::field).map();
  return rules.has_min_pairs() || rules.has_max_pairs();
}

bool IsAboutPairs(const Violation& violation) {
  return violation.rule_id == "map.min_pairs" || violation.rule_id == "map.max_pairs";
}

}  // namespace

void PartRules::Check(const Message& row, const PartPath& path, JsonChange& change) {
  const Message* message = &row;
  std::string where(prefix_);
  JsonChange::Path names;  // of the message in the column's JSON
  const auto enter = [&](const Message& inner) {
    message = &inner;
    if (!IsWhole(inner)) change.RequireObject(names);
  };
  for (size_t i = 0; i < path.steps.size(); ++i) {
    const FieldDescriptor& field = *path.steps[i].field;
    if (i > 0) names.push_back(path.steps[i].name);
    const bool last = i + 1 == path.steps.size();
    if (last && path.object_only) {
      if (HasNamedFields(field)) enter(message->GetReflection()->GetMessage(*message, &field));
      return;
    }
    if (last) return CheckField(*message, field, where);
    const std::string at = FieldPath(where, field.name());
    if (!field.is_map()) {
      const bool set = message->GetReflection()->HasField(*message, &field);
      if (path.steps[i + 1].field == nullptr) {  // into a Struct or a Value
        if (set) CheckField(*message, field, where);
        return;
      }
      enter(message->GetReflection()->GetMessage(*message, &field));
      where = at;
      continue;
    }
    const std::string& key = path.steps[++i].name;
    names.push_back(key);
    const bool last_entry = i + 1 == path.steps.size();
    // Its column's CHECK counts the entries of a map that is a column.
    if (message != &row && LimitsPairs(field)) {
      violations_.Add(at, "value has a limit of entries: the mask must name it as a whole");
      return;
    }
    const Entries& entries = EntriesOf(*message, field);
    const auto found = entries.find(key);
    const bool entry_only = last_entry && path.object_only;
    if (!entry_only && (last_entry || path.steps[i + 1].field == nullptr)) {
      if (found != entries.end()) CheckEntry(*message, field, *found->second, where);
      return;
    }
    const Message& entry =
        found == entries.end()
            ? *message->GetReflection()->GetMessageFactory()->GetPrototype(field.message_type())
            : *found->second;
    if (!HasNamedFields(ValueField(field))) return;
    enter(entry.GetReflection()->GetMessage(entry, &ValueField(field)));
    if (entry_only) return;
    where = EntryPath(at, field, key);
  }
}

// Whether the message obeys all rules, so that it may be made as it is.
bool PartRules::IsWhole(const Message& message) {
  const auto [found, made] = whole_.try_emplace(&message, true);
  if (made) {
    std::vector<Violation> violations;
    contract_.FindValidator(message.GetDescriptor())->Validate(message, "", &violations);
    found->second = violations.empty();
  }
  return found->second;
}

const PartRules::Entries& PartRules::EntriesOf(const Message& message, const FieldDescriptor& map) {
  const auto [found, made] = entries_.try_emplace({&message, &map});
  if (made) {
    const auto& reflection = *message.GetReflection();
    const int count = reflection.FieldSize(message, &map);
    for (int i = 0; i < count; ++i) {
      const Message& entry = reflection.GetRepeatedMessage(message, &map, i);
      found->second[KeyOf(entry, map)] = &entry;
    }
  }
  return found->second;
}

void PartRules::CheckField(const Message& message, const FieldDescriptor& field,
                           std::string_view path) {
  contract_.FindValidator(message.GetDescriptor())
      ->ValidateField(message, &field, path, violations_.list());
}

// The entry alone, in a map of its own.
void PartRules::CheckEntry(const Message& message, const FieldDescriptor& map, const Message& entry,
                           std::string_view path) {
  const std::unique_ptr<Message> alone(message.New());
  alone->GetReflection()->AddMessage(alone.get(), &map)->CopyFrom(entry);
  std::vector<Violation> found;
  contract_.FindValidator(message.GetDescriptor())->ValidateField(*alone, &map, path, &found);
  for (Violation& violation : found) {
    if (!IsAboutPairs(violation)) violations_.list()->push_back(std::move(violation));
  }
}

}  // namespace dataservice
