#include "serve/values/json_field.h"

#include <google/protobuf/util/field_comparator.h>
#include <google/protobuf/util/field_mask_util.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Protobuf prints and parses whole messages only. A field is therefore copied into a message
// without other fields, and `{"name":` and `}` are removed from the text or added to it.
std::string Prefix(const FieldDescriptor& field) {
  return absl::StrCat("{\"", field.json_name(), "\":");
}

// Clears all fields but one.
void KeepField(const FieldDescriptor& field, Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection.ListFields(message, &set);
  for (const FieldDescriptor* other : set) {
    if (other != &field) reflection.ClearField(&message, other);
  }
}

void CopyField(const Message& from, const FieldDescriptor& field, Message& to) {
  const Reflection& reflection = *from.GetReflection();
  if (field.type() != FieldDescriptor::TYPE_MESSAGE) {
    to.CopyFrom(from);
    KeepField(field, to);
  } else if (!field.is_repeated()) {
    reflection.MutableMessage(&to, &field)->CopyFrom(reflection.GetMessage(from, &field));
  } else {
    const int count = reflection.FieldSize(from, &field);
    for (int i = 0; i < count; ++i) {
      reflection.AddMessage(&to, &field)->CopyFrom(reflection.GetRepeatedMessage(from, &field, i));
    }
  }
}

// The ProtoJSON of every google.protobuf.Any that is not empty contains this text. Inside a string
// the second quote would be escaped.
bool MayHoldAny(std::string_view json) { return json.find("\"@type\":") != json.npos; }

// Whether a string of the JSON has a NUL character, which jsonb cannot hold.
bool HasNul(std::string_view json) {
  for (size_t i = json.find('\\'); i < json.size(); i = json.find('\\', i + 2)) {
    if (json.substr(i).starts_with("\\u0000")) return true;
  }
  return false;
}

// Whether parsing the JSON of `message` gives an equal message. For an Any it may not: Protobuf
// prints messages that it cannot parse (a ListValue), and silently drops unknown fields and values
// out of range.
bool IsReadBack(Message& message, const std::string& json) {
  const std::unique_ptr<Message> back(message.New());
  if (!google::protobuf::util::JsonStringToMessage(json, back.get()).ok()) return false;
  message.DiscardUnknownFields();  // outside an Any they are dropped, as in columns
  google::protobuf::util::DefaultFieldComparator comparator;
  comparator.set_treat_nan_as_equal(true);
  google::protobuf::util::MessageDifferencer differencer;
  differencer.set_field_comparator(&comparator);
  return differencer.Compare(message, *back);
}

}  // namespace

bool AppendFieldJson(const Message& message, const FieldDescriptor& field, std::string& out,
                     std::string& problem) {
  const std::unique_ptr<Message> alone(message.New());
  CopyField(message, field, *alone);
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(*alone, &json);
  if (!status.ok()) {
    problem = "cannot be expressed in JSON, or is nested too deeply for it";
    return false;
  }
  if (MayHoldAny(json)) {
    if (HasNul(json)) {
      problem = "must not contain a NUL character";
      return false;
    }
    if (!IsReadBack(*alone, json)) {
      problem = "holds a google.protobuf.Any that cannot be stored as JSON unchanged";
      return false;
    }
  }
  const std::string prefix = Prefix(field);
  if (json.size() <= prefix.size()) {  // nothing in it: "{}"
    out += field.is_map() ? "{}" : "[]";
    return true;
  }
  out.append(json, prefix.size(), json.size() - prefix.size() - 1);
  return true;
}

bool AppendWireOfFieldJson(const Message& prototype, const FieldDescriptor& field,
                           std::string_view json, const std::vector<std::string>& sub_fields,
                           std::string& out) {
  const std::unique_ptr<Message> alone(prototype.New());
  std::string whole = Prefix(field);
  whole.append(json);
  whole += '}';
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (!google::protobuf::util::JsonStringToMessage(whole, alone.get(), options).ok()) return false;
  if (!sub_fields.empty()) {
    google::protobuf::FieldMask mask;
    for (const std::string& path : sub_fields) mask.add_paths(path);
    google::protobuf::util::FieldMaskUtil::TrimMessage(mask, alone.get());
  }
  return alone->AppendToString(&out);
}

}  // namespace dataservice
