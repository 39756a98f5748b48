#include "contract/columns.h"

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "contract/identifiers.h"
#include "contract/options.h"
#include "contract/rules/options.h"
#include "contract/rules/wrapper.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;

constexpr std::array<std::string_view, 6> kSystemColumns = {"tableoid", "xmin", "cmin",
                                                            "xmax",     "cmax", "ctid"};

// The string rules that every stored value satisfies.
const buf::validate::StringRules& StringRulesOf(const Column& column) {
  const buf::validate::FieldRules& rules =
      column.array ? column.rules.repeated().items() : column.rules;
  const bool some_escape = column.array && rules.has_ignore();
  const bool ignored = column.rules.ignore() == buf::validate::IGNORE_ALWAYS;
  return some_escape || ignored ? buf::validate::StringRules::default_instance() : rules.string();
}

ColumnType ScalarType(const FieldDescriptor& field, const Column& column) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
      return ColumnType::kBoolean;
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_SINT32:
    case FieldDescriptor::TYPE_SFIXED32:
      return ColumnType::kInteger;
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_SINT64:
    case FieldDescriptor::TYPE_SFIXED64:
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_FIXED32:
      return ColumnType::kBigint;
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_FIXED64:
      return ColumnType::kNumeric;
    case FieldDescriptor::TYPE_FLOAT:
      return ColumnType::kReal;
    case FieldDescriptor::TYPE_DOUBLE:
      return ColumnType::kDouble;
    case FieldDescriptor::TYPE_BYTES:
      return ColumnType::kBytea;
    case FieldDescriptor::TYPE_ENUM:
      return ColumnType::kEnum;
    case FieldDescriptor::TYPE_STRING:
      return StringRulesOf(column).uuid() ? ColumnType::kUuid : ColumnType::kText;
    case FieldDescriptor::TYPE_MESSAGE:
    case FieldDescriptor::TYPE_GROUP:
      return ColumnType::kJsonb;
  }
  return ColumnType::kJsonb;
}

// The type of a column for values of the message.
ColumnType MessageType(const google::protobuf::Descriptor& message) {
  for (const ColumnTraits& traits : kColumnTraits) {
    if (message.full_name() == traits.message) return traits.type;
  }
  return ColumnType::kJsonb;
}

ColumnType TypeOf(const Column& column) {
  const FieldDescriptor& value = *column.value;
  if (value.type() != FieldDescriptor::TYPE_MESSAGE) return ScalarType(value, column);
  return column.field->is_repeated() ? ColumnType::kJsonb : MessageType(*value.message_type());
}

ColumnOrigin OriginOf(const FieldDescriptor& field, const Column& column) {
  if (field.options().GetExtension(storage::v1::column).has_owner()) return ColumnOrigin::kOwner;
  if (!HasBehavior(field, google::api::OUTPUT_ONLY)) return ColumnOrigin::kClient;
  const bool time = column.type == ColumnType::kTimestamp && !column.array;
  if (time && field.name() == "create_time") return ColumnOrigin::kCreateTime;
  if (time && field.name() == "update_time") return ColumnOrigin::kUpdateTime;
  return ColumnOrigin::kDatabase;
}

int MaxLength(const Column& column) {
  const auto& rules = StringRulesOf(column);
  const uint64_t limit = rules.has_len() ? rules.len() : rules.max_len();
  constexpr uint64_t kMaxVarchar = 10485760;
  return limit <= kMaxVarchar ? static_cast<int>(limit) : 0;
}

// Whether the field must have a value: field_behavior REQUIRED, or buf.validate
// required where its rules are not ignored.
bool IsRequired(const FieldDescriptor& field, const Column& column) {
  return HasBehavior(field, google::api::REQUIRED) ||
         (column.rules.required() && column.rules.ignore() != buf::validate::IGNORE_ALWAYS);
}

// Whether a UUID field without presence may be empty. string.uuid rejects the empty text, unless
// another option allows it or only the database sets the field.
bool MayBeEmptyUuid(const FieldDescriptor& field, const Column& column) {
  if (column.origin == ColumnOrigin::kDatabase) return true;
  if (column.rules.has_ignore()) return true;
  return rules::IsOneofMember(
      field.containing_type()->options().GetExtension(buf::validate::message), field);
}

void CheckName(const FieldDescriptor& field, Diagnostics& diagnostics) {
  if (field.name().size() > kMaxIdentifier) {
    diagnostics.Add(field, "the name is longer than PostgreSQL's 63 bytes; shorten it");
  }
  for (const std::string_view name : kSystemColumns) {
    if (field.name() == name) {
      diagnostics.Add(field, "PostgreSQL has a system column of this name; rename the field");
    }
  }
}

}  // namespace

Column BuildColumn(const FieldDescriptor& field, Diagnostics& diagnostics) {
  Column column;
  column.field = &field;
  column.value = field.is_repeated() ? &field : &UnwrappedField(field);
  column.name = field.name();
  column.number = field.number();
  column.rules = field.options().GetExtension(buf::validate::field);
  column.required = IsRequired(field, column);
  column.immutable =
      HasBehavior(field, google::api::IMMUTABLE) || HasBehavior(field, google::api::IDENTIFIER);
  CheckName(field, diagnostics);
  if (field.type() == FieldDescriptor::TYPE_GROUP) {
    diagnostics.Add(field, "groups are not supported; use a message");
  }
  column.array = field.is_repeated() && field.type() != FieldDescriptor::TYPE_MESSAGE;
  column.type = TypeOf(column);
  if (column.type == ColumnType::kText && !column.array) column.max_length = MaxLength(column);
  column.origin = OriginOf(field, column);
  const bool set_by_server = column.origin == ColumnOrigin::kCreateTime ||
                             column.origin == ColumnOrigin::kUpdateTime ||
                             column.origin == ColumnOrigin::kOwner;
  const bool implicit = !field.is_repeated() && !field.has_presence();
  const bool refers = field.options().GetExtension(storage::v1::column).has_references();
  const bool key = HasBehavior(field, google::api::IDENTIFIER);
  const bool zero_is_absent =
      column.type == ColumnType::kUuid ? MayBeEmptyUuid(field, column) : refers;
  column.zero_is_null = implicit && !set_by_server && !column.required && !key && zero_is_absent;
  column.nullable =
      !set_by_server && !column.required && !key && (field.has_presence() || column.zero_is_null);
  return column;
}

bool IsEtag(const FieldDescriptor& field) {
  return field.name() == "etag" && field.type() == FieldDescriptor::TYPE_STRING &&
         !field.is_repeated();
}

}  // namespace dataservice
