#include "row_model.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/message_differencer.h>

#include <memory>
#include <set>

#include "absl/strings/ascii.h"

namespace dataservice::test {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using types::v1::Sample;

bool IsWritten(const FieldDescriptor& field) {
  static const std::set<std::string> kNotWritten = {"id", "create_time", "update_time", "etag"};
  return !kNotWritten.contains(field.name());
}

void CopyField(const Message& from, const FieldDescriptor& field, Message& to) {
  const auto& r = *from.GetReflection();
  r.ClearField(&to, &field);
  const bool set = field.is_repeated() ? r.FieldSize(from, &field) > 0 : r.HasField(from, &field);
  if (!set) return;
  // A message with this field alone.
  std::vector<const FieldDescriptor*> fields;
  r.ListFields(from, &fields);
  const std::unique_ptr<Message> alone(from.New());
  alone->CopyFrom(from);
  for (const FieldDescriptor* other : fields) {
    if (other != &field) r.ClearField(alone.get(), other);
  }
  to.MergeFrom(*alone);
}

// "part.name" -> the fields part and name; the second is null where the path
// leads into no message.
std::pair<const FieldDescriptor*, const FieldDescriptor*> FieldsOf(const std::string& path) {
  const size_t dot = path.find('.');
  const auto* field = Sample::descriptor()->FindFieldByName(path.substr(0, dot));
  if (dot == std::string::npos) return {field, nullptr};
  return {field, field->message_type()->FindFieldByName(path.substr(dot + 1))};
}

// Copies the field `inner` inside the message `field`, which comes into being.
void CopyInside(const Message& from, const FieldDescriptor& field, const FieldDescriptor& inner,
                Message& to) {
  const auto& r = *from.GetReflection();
  CopyField(r.GetMessage(from, &field), inner, *r.MutableMessage(&to, &field));
}

// A member of a oneof stands for the whole oneof.
void CopyWithSiblings(const Message& from, const FieldDescriptor& field, Message& to) {
  const auto* oneof = field.real_containing_oneof();
  if (oneof == nullptr) return CopyField(from, field, to);
  to.GetReflection()->ClearOneof(&to, oneof);
  const auto* set = from.GetReflection()->GetOneofFieldDescriptor(from, oneof);
  if (set != nullptr) CopyField(from, *set, to);
}

std::string Bytes(const Sample& sample) {
  std::string out;
  {
    google::protobuf::io::StringOutputStream stream(&out);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    sample.SerializeToCodedStream(&coded);
  }
  return out;
}

// jsonb's numbers have no negative zero: within stored messages it is zero.
void DropNegativeZeros(types::v1::Part& part) {
  if (part.share() == 0) part.clear_share();
  for (auto& inner : *part.mutable_parts()) DropNegativeZeros(inner);
}

}  // namespace

Sample Stored(Sample sent) {
  if (sent.has_taken_time()) {
    sent.mutable_taken_time()->set_nanos(sent.taken_time().nanos() / 1000 * 1000);
  }
  if (sent.has_effort()) sent.mutable_effort()->set_nanos(sent.effort().nanos() / 1000 * 1000);
  if (sent.has_part()) DropNegativeZeros(*sent.mutable_part());
  for (auto& part : *sent.mutable_parts()) DropNegativeZeros(part);
  for (auto& [number, part] : *sent.mutable_by_number()) DropNegativeZeros(part);
  absl::AsciiStrToLower(sent.mutable_id());
  if (sent.has_origin_id()) absl::AsciiStrToLower(sent.mutable_origin_id());
  sent.clear_create_time();
  sent.clear_update_time();
  sent.clear_etag();
  return sent;
}

bool ApplyMask(const google::protobuf::FieldMask& mask, const Sample& sent, Sample& row) {
  const Sample source = Stored(sent);
  const auto& type = *Sample::descriptor();
  std::set<const FieldDescriptor*> fields;
  const bool all = mask.paths_size() == 1 && mask.paths(0) == "*";
  if (mask.paths().empty() || all) {
    std::vector<const FieldDescriptor*> populated;
    source.GetReflection()->ListFields(source, &populated);
    fields.insert(populated.begin(), populated.end());
    for (int i = 0; all && i < type.field_count(); ++i) fields.insert(type.field(i));
  } else {
    for (const std::string& path : mask.paths()) {
      if (FieldsOf(path).second == nullptr) fields.insert(FieldsOf(path).first);
    }
  }
  bool inside = false;
  for (const std::string& path : mask.paths()) {
    const auto [field, inner] = FieldsOf(path);
    if (inner == nullptr || fields.contains(field)) continue;
    CopyInside(source, *field, *inner, row);
    inside = true;
  }
  std::erase_if(fields, [](const FieldDescriptor* field) { return !IsWritten(*field); });
  for (const FieldDescriptor* field : fields) CopyWithSiblings(source, *field, row);
  return inside || !fields.empty();
}

Sample Masked(const google::protobuf::FieldMask& mask, const Sample& row) {
  if (mask.paths().empty() || mask.paths(0) == "*") return row;
  Sample out;
  for (const std::string& path : mask.paths()) {
    const auto [field, inner] = FieldsOf(path);
    if (inner == nullptr) {
      CopyField(row, *field, out);
    } else if (row.GetReflection()->HasField(row, field)) {
      CopyInside(row, *field, *inner, out);
    }
  }
  return out;
}

Sample WithServerFields(Sample row, const Sample& answer) {
  *row.mutable_create_time() = answer.create_time();
  *row.mutable_update_time() = answer.update_time();
  row.set_etag(answer.etag());
  return row;
}

std::string Difference(const Sample& expected, const Sample& actual) {
  if (Bytes(expected) == Bytes(actual)) return "";
  google::protobuf::util::MessageDifferencer differ;
  google::protobuf::util::DefaultFieldComparator comparator;
  comparator.set_treat_nan_as_equal(true);
  differ.set_field_comparator(&comparator);
  std::string report;
  differ.ReportDifferencesToString(&report);
  differ.Compare(expected, actual);
  return report.empty() ? "they differ in the bits of a float" : report.substr(0, 2000);
}

}  // namespace dataservice::test
