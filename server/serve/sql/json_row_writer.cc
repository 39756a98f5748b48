#include "serve/sql/json_row_writer.h"

#include "serve/values/decode.h"

namespace dataservice {
namespace {

std::unique_ptr<const FieldSelection> SelectionOf(const Statement& statement) {
  const ReadMask* const mask = ReadMaskOf(statement.shape);
  return mask == nullptr ? nullptr : FieldSelection::OfMask(ResourceOf(statement.shape), *mask);
}

// Whether the text of a value is the value of a field of the type string.
bool IsString(const Column& column) {
  const bool text = column.type == ColumnType::kText || column.type == ColumnType::kUuid;
  return text && !column.array && !column.is_wrapper();
}

}  // namespace

JsonRowWriter::JsonRowWriter(const Statement& statement, const JsonWriter& json)
    : statement_(statement),
      resource_(ResourceOf(statement.shape)),
      json_(json),
      version_(statement),
      selection_(SelectionOf(statement)) {
  for (const JsonField& field : json.fields()) {
    Member member = MemberOf(field);
    const bool has_value = member.output >= 0 || member.etag;
    const bool selected = selection_ == nullptr ? !field.computed || has_value
                                                : selection_->Contains(*field.field, member.inner);
    if (selected && (has_value || !field.presence)) members_.push_back(std::move(member));
  }
}

JsonRowWriter::Member JsonRowWriter::MemberOf(const JsonField& field) const {
  Member member{.field = &field, .etag = field.field == resource_.etag};
  for (size_t i = 0; i < statement_.outputs.size(); ++i) {
    const Output& output = statement_.outputs[i];
    if (!output.answered) continue;
    if (output.column->field != field.field) continue;
    member.output = static_cast<int>(i);
    member.string = IsString(*output.column);
  }
  return member;
}

bool JsonRowWriter::AppendMember(const Member& member, ResultRow row, int first, bool& comma,
                                 std::string& out) const {
  etag_.clear();
  wire_.clear();
  if (member.etag && version_.AppendEtagOf(row, first, etag_)) {
    return json_.AppendStringMember(*member.field, etag_, comma, out);
  }
  if (member.output >= 0 && !row.is_null(first + member.output)) {
    const Output& output = statement_.outputs[static_cast<size_t>(member.output)];
    const std::string_view text = row.text(first + member.output);
    if (member.string) return json_.AppendStringMember(*member.field, text, comma, out);
    if (!WriteField(*output.column, text, *resource_.prototype, output.sub_fields, wire_)) {
      return false;
    }
  }
  return json_.AppendMember(*member.field, wire_, member.inner, comma, out);
}

bool JsonRowWriter::Append(ResultRow row, int first, std::string& out, std::string& column) const {
  out += '{';
  bool comma = false;
  for (const Member& member : members_) {
    if (!AppendMember(member, row, first, comma, out)) {
      column = member.field->field->name();
      return false;
    }
  }
  out += '}';
  return true;
}

}  // namespace dataservice
