#include "schema/model/identity.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "contract/one_value.h"
#include "postgres/text.h"

namespace dataservice::schema {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

constexpr std::string_view kJson = "json ";

// Values of enums are stored by name.
std::string EnumType(const EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
  return absl::StrCat("enum(", absl::StrJoin(names, "|"), ")");
}

class NameWalk {
 public:
  void Field(const std::string& path, const FieldDescriptor& field) {
    if (field.is_map()) {
      return Value(absl::StrCat(path, "{}"), *field.message_type()->map_value());
    }
    Value(field.is_repeated() ? absl::StrCat(path, "[]") : path, field);
  }

  std::vector<std::string> names;

 private:
  void Value(const std::string& path, const FieldDescriptor& field) {
    if (field.enum_type() != nullptr) return Add(path, EnumType(*field.enum_type()));
    const Descriptor* message = field.message_type();
    if (message == nullptr) return Add(path, field.type_name());
    if (IsOneValue(*message) || std::count(open_.begin(), open_.end(), message) > 0) {
      return Add(path, message->full_name());
    }
    open_.push_back(message);
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor& member = *message->field(i);
      Field(path.empty() ? member.json_name() : absl::StrCat(path, ".", member.json_name()),
            member);
    }
    open_.pop_back();
  }

  void Add(const std::string& path, absl::string_view type) {
    names.push_back(path.empty() ? std::string(type) : absl::StrCat(path, " ", type));
  }

  std::vector<const Descriptor*> open_;
};

// The path of "geo.lat double", and its type; a scalar's has no path.
std::pair<std::string, std::string> PathAndType(const std::string& name) {
  const size_t space = name.find(' ');
  if (space == std::string::npos) return {"", name};
  return {name.substr(0, space), name.substr(space + 1)};
}

// The values of "enum(A|B)"; any other type is one value.
std::set<std::string> Alternatives(std::string_view type) {
  if (!type.starts_with("enum(") || !type.ends_with(")")) return {std::string(type)};
  type.remove_prefix(5);
  type.remove_suffix(1);
  return absl::StrSplit(View(type), '|');
}

// The names inside the JSON of a field, in field order. The names inside a recursive message are
// listed once, those inside messages of google.protobuf and google.type, whose JSON does not
// change, not at all.
std::vector<std::string> JsonNames(const FieldDescriptor& field) {
  NameWalk walk;
  walk.Field("", field);
  return std::move(walk.names);
}

}  // namespace

std::vector<std::string> LostNames(const std::vector<std::string>& before,
                                   const std::vector<std::string>& after) {
  std::map<std::string, std::set<std::string>> there;
  for (const std::string& name : after) {
    const auto [path, type] = PathAndType(name);
    there[path] = Alternatives(type);
  }
  std::vector<std::string> lost;
  for (const std::string& name : before) {
    const auto [path, type] = PathAndType(name);
    const std::set<std::string> alternatives = Alternatives(type);
    const auto found = there.find(path);
    if (found == there.end() || !std::includes(found->second.begin(), found->second.end(),
                                               alternatives.begin(), alternatives.end())) {
      lost.push_back(name);
    }
  }
  return lost;
}

std::string OwnComment(std::string_view text) {
  return std::string(kCommentPrefix) + std::string(text);
}

std::optional<std::string> OwnText(std::string_view comment) {
  if (!comment.starts_with(kCommentPrefix)) return std::nullopt;
  return std::string(comment.substr(kCommentPrefix.size()));
}

std::string CommentOfColumn(const Column& column) {
  std::string text = absl::StrCat(column.field->full_name(), " = ", column.number);
  if (column.type == ColumnType::kEnum) {
    const EnumDescriptor& type = *column.field->enum_type();
    for (int i = 0; i < type.value_count(); ++i) {
      absl::StrAppend(&text, i == 0 ? "; " : ", ", type.value(i)->number(), " ",
                      type.value(i)->name());
    }
  }
  if (column.type == ColumnType::kJsonb) {
    absl::StrAppend(&text, "; ", View(kJson), absl::StrJoin(JsonNames(*column.field), ", "));
  }
  return OwnComment(text);
}

std::optional<ColumnIdentity> IdentityOfColumn(std::string_view comment) {
  const std::optional<std::string> text = OwnText(comment);
  if (!text) return std::nullopt;
  const size_t equals = text->find(" = ");
  if (equals == std::string::npos) return std::nullopt;
  ColumnIdentity identity;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data() + equals + 3, end, identity.number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view more(rest, static_cast<size_t>(end - rest));
  if (more.starts_with("; ") && more.substr(2).starts_with(kJson)) {
    identity.json = absl::StrSplit(View(more.substr(2 + kJson.size())), ", ");
  }
  return identity;
}

}  // namespace dataservice::schema
