#include "serve/filter/member.h"

#include "absl/strings/str_cat.h"
#include "contract/field_lookup.h"
#include "contract/rules/wrapper.h"
#include "view.h"

namespace dataservice::filter {
namespace {

using google::protobuf::FieldDescriptor;

// The zero of a field without presence, as JSON's text.
std::optional<std::string> ZeroOf(const FieldDescriptor& field, LeafType leaf) {
  if (field.is_map()) return "{}";
  if (field.is_repeated()) return "[]";
  if (field.has_presence()) return std::nullopt;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return "false";
    case FieldDescriptor::CPPTYPE_STRING:
      return leaf == LeafType::kDecimal ? "0" : "";
    case FieldDescriptor::CPPTYPE_ENUM:
      return field.default_value_enum()->name();
    default:
      return "0";
  }
}

// Sets the member's type: that of `field`, or of one of its elements or entries.
void Arrive(const FieldDescriptor& field, bool whole, Member& member) {
  member.form = FormOf(field, whole);
  member.field = &UnwrappedField(field);
  if (member.inside_json()) member.comparison.leaf = LeafOf(field, member.form);
  member.comparison.zero =
      member.inside_json() && whole ? ZeroOf(field, member.comparison.leaf) : std::nullopt;
  member.can_be_absent = whole && field.has_presence();
}

bool StepIntoEntry(const Word& word, Member& member, Values& values, Problem& problem) {
  const FieldDescriptor* const value = MapValueField(*member.field);
  if (member.field->is_map() && !IsMapKey(*member.field, word.text)) {
    problem = {word.offset, absl::StrCat("field '", member.name, "' has no keys like '",
                                         Shortened(word.text), "'")};
    return false;
  }
  values.Add(word.text);
  member.comparison.path.push_back({PathStep::Kind::kKey, ""});
  Arrive(*value, /*whole=*/false, member);
  member.can_be_absent = true;
  member.of_map = true;
  return true;
}

bool StepIntoField(const Word& word, Member& member, Problem& problem) {
  const FieldDescriptor* const field = FindField(*member.field->message_type(), word.text);
  if (field == nullptr) {
    problem = {word.offset,
               absl::StrCat("field '", member.name, "' has no field '", Shortened(word.text), "'")};
    return false;
  }
  member.comparison.path.push_back({PathStep::Kind::kField, field->json_name()});
  Arrive(*field, /*whole=*/true, member);
  member.of_map = false;
  return true;
}

bool NoSteps(const Word& word, const Member& member, std::string_view why, Problem& problem) {
  problem = {word.offset, absl::StrCat("field '", member.name, "' ", View(why))};
  return false;
}

}  // namespace

bool StepInto(const Word& word, Member& member, Values& values, Problem& problem) {
  if (member.form == Form::kRepeated) {
    if (!HasFields(*member.field)) return NoSteps(word, member, "has no fields", problem);
    StepIntoElements(member);
  }
  bool found = false;
  switch (member.form) {
    case Form::kMap:
      found = StepIntoEntry(word, member, values, problem);
      break;
    case Form::kMessage:
      found = StepIntoField(word, member, problem);
      break;
    case Form::kOpaque:
      return NoSteps(word, member, "can only be tested with ':*', as a whole", problem);
    case Form::kScalar:
    case Form::kRepeated:
      return NoSteps(word, member, "is compared as a whole; it has no fields", problem);
  }
  if (found) absl::StrAppend(&member.name, ".", Shortened(word.text));
  return found;
}

void StepIntoElements(Member& member) {
  member.comparison.path.push_back({PathStep::Kind::kElements, ""});
  member.of_elements = true;
  Arrive(*member.field, /*whole=*/false, member);
}

bool ResolveMember(const Resource& resource, const std::vector<Word>& words, Member& member,
                   Values& values, Problem& problem) {
  const Word& first = words.front();
  if (first.quoted) {
    problem = {first.offset, "a field's name is expected here, not a string"};
    return false;
  }
  const FieldDescriptor* const field = FindField(*resource.message, first.text);
  const int column = field == nullptr ? -1 : resource.Find(field);
  if (column < 0) {
    problem = {first.offset,
               field != nullptr && field == resource.etag
                   ? absl::StrCat("field '", first.text, "' cannot be compared; use update_time")
               : field != nullptr && resource.FindComputed(field->name()) >= 0
                   ? absl::StrCat("field '", first.text,
                                  "' is computed; a filter compares stored fields only")
                   : absl::StrCat("there is no field '", Shortened(first.text), "'")};
    return false;
  }
  member = Member{
      .name = first.text, .column = &resource.column(column), .comparison = {.column = column}};
  // Arrive() determines the type of what the path ends at.
  if (member.column->type == ColumnType::kJsonb) member.comparison.leaf = LeafType::kOther;
  Arrive(*field, /*whole=*/true, member);
  // SQL compares a column as a whole, whose value for an absent field is stored.
  member.comparison.zero.reset();
  if (member.column->is_comparable()) member.form = Form::kScalar;
  for (size_t i = 1; i < words.size(); ++i) {
    if (!StepInto(words[i], member, values, problem)) return false;
  }
  return true;
}

}  // namespace dataservice::filter
