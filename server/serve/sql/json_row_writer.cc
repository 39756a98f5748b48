#include "serve/sql/json_row_writer.h"

#include "absl/strings/numbers.h"
#include "postgres/time_text.h"
#include "serve/values/decode.h"
#include "view.h"

namespace dataservice {
namespace {

std::unique_ptr<const FieldSelection> SelectionOf(const Statement& statement) {
  const ReadMask* const mask = ReadMaskOf(statement.shape);
  return mask == nullptr ? nullptr : FieldSelection::OfMask(ResourceOf(statement.shape), *mask);
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

JsonRowWriter::Form JsonRowWriter::FormOf(const Output& output) {
  const Column& column = *output.column;
  if (column.array || column.is_wrapper() || !output.sub_fields.empty()) return Form::kOther;
  switch (column.type) {
    case ColumnType::kText:
    case ColumnType::kUuid:
      return Form::kString;
    case ColumnType::kTimestamp:
      return Form::kTimestamp;
    case ColumnType::kInteger:
      return Form::kInt32;
    default:
      return Form::kOther;
  }
}

JsonRowWriter::Member JsonRowWriter::MemberOf(const JsonField& field) const {
  Member member{.field = &field, .etag = field.field == resource_.etag};
  for (size_t i = 0; i < statement_.outputs.size(); ++i) {
    const Output& output = statement_.outputs[i];
    if (!output.answered) continue;
    if (output.column->field != field.field) continue;
    member.output = static_cast<int>(i);
    member.form = FormOf(output);
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
    return AppendValue(member, row.text(first + member.output), comma, out);
  }
  return json_.AppendMember(*member.field, wire_, member.inner, comma, out);
}

bool JsonRowWriter::AppendValue(const Member& member, std::string_view text, bool& comma,
                                std::string& out) const {
  switch (member.form) {
    case Form::kString:
      return json_.AppendStringMember(*member.field, text, comma, out);
    case Form::kTimestamp: {
      Instant time;
      if (!ParseTimestamp(text, time)) return false;
      json_.AppendTimestampMember(*member.field, time, comma, out);
      return true;
    }
    case Form::kInt32: {
      int32_t value;
      if (!absl::SimpleAtoi(View(text), &value)) return false;
      json_.AppendNumberMember(*member.field, text, comma, out);
      return true;
    }
    case Form::kOther:
      break;
  }
  const Output& output = statement_.outputs[static_cast<size_t>(member.output)];
  return WriteField(*output.column, text, *resource_.prototype, output.sub_fields, wire_) &&
         json_.AppendMember(*member.field, wire_, member.inner, comma, out);
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
