#include "serve/json/json_encoder.h"

#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "serve/json/json_text.h"

namespace dataservice {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::internal::WireFormatLite;

constexpr int kMaxDepth = 100;

// Whether a closed enum (proto2) has no such value, so that the field is unset.
bool IsUnknownOfClosed(const FieldDescriptor& field, uint64_t number) {
  const EnumDescriptor* type = field.enum_type();
  return type != nullptr && type->file()->syntax() == FileDescriptor::SYNTAX_PROTO2 &&
         type->FindValueByNumber(static_cast<int>(number)) == nullptr;
}

void AppendEnum(const EnumDescriptor& type, int number, std::string& out) {
  if (type.full_name() == "google.protobuf.NullValue") {
    out += "null";
  } else if (const auto* value = type.FindValueByNumber(number)) {
    absl::StrAppend(&out, "\"", value->name(), "\"");
  } else {
    AppendDecimal(static_cast<int64_t>(number), out);
  }
}

template <typename Integer>
void AppendQuoted(Integer value, std::string& out) {
  out += '"';
  AppendDecimal(value, out);
  out += '"';
}

// A map's key as it is sorted and written.
struct MapKey {
  std::string text;
  int64_t number = 0;     // of a signed key
  uint64_t positive = 0;  // of an unsigned one

  bool operator<(const MapKey& other) const {
    if (number != other.number) return number < other.number;
    if (positive != other.positive) return positive < other.positive;
    return text < other.text;
  }
};

MapKey KeyOf(const FieldDescriptor& field, uint64_t number, std::string_view bytes) {
  MapKey key;
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
      key.text = number != 0 ? "true" : "false";
      return key;
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_SFIXED32:
      key.number = static_cast<int32_t>(number);
      break;
    case FieldDescriptor::TYPE_SINT32:
      key.number = WireFormatLite::ZigZagDecode32(static_cast<uint32_t>(number));
      break;
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_SFIXED64:
      key.number = static_cast<int64_t>(number);
      break;
    case FieldDescriptor::TYPE_SINT64:
      key.number = WireFormatLite::ZigZagDecode64(number);
      break;
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_FIXED32:
      key.positive = static_cast<uint32_t>(number);
      AppendDecimal(key.positive, key.text);
      return key;
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_FIXED64:
      key.positive = number;
      AppendDecimal(key.positive, key.text);
      return key;
    default:
      key.text = std::string(bytes);
      return key;
  }
  AppendDecimal(key.number, key.text);
  return key;
}

struct MapEntry {
  MapKey key;
  uint64_t number = 0;  // the value
  std::string_view bytes;
};

bool ReadEntry(const JsonField& field, std::string_view wire, MapEntry& entry) {
  const FieldDescriptor& key_field = *field.field->message_type()->map_key();
  const WireType key_type = WireTypeOf(key_field);
  const WireType value_type = WireTypeOf(*field.value);
  uint64_t key_number = 0;
  std::string_view key_bytes;
  WireReader reader(wire);
  for (WireField part; reader.Next(part);) {
    if (part.number == key_field.number() && part.type == key_type) {
      key_number = part.value;
      key_bytes = part.bytes;
    } else if (part.number == field.value->number() && part.type == value_type) {
      entry.number = part.value;
      entry.bytes = part.bytes;
    }
  }
  entry.key = KeyOf(key_field, key_number, key_bytes);
  return reader.ok();
}

// Keeps the last entry of each key, in the order of the keys.
void SortEntries(std::vector<MapEntry>& entries) {
  std::stable_sort(entries.begin(), entries.end(),
                   [](const MapEntry& a, const MapEntry& b) { return a.key < b.key; });
  const auto first_kept = std::unique(
      entries.rbegin(), entries.rend(),
      [](const MapEntry& a, const MapEntry& b) { return !(a.key < b.key) && !(b.key < a.key); });
  entries.erase(entries.begin(), first_kept.base());
}

// Whether the value's type on the wire is that of the field, or packed.
bool Fits(const JsonField& field, const WireField& value) {
  if (value.type == field.wire_type) return true;
  return field.field->is_repeated() && value.type == WireType::kBytes && field.field->is_packable();
}

}  // namespace

bool JsonEncoder::FindFields(const JsonType& type, std::string_view wire, FieldPlaces& places) {
  places.resize(type.fields.size());
  WireReader reader(wire);
  size_t begin = 0;
  for (WireField value; reader.Next(value); begin = reader.position()) {
    const int position = type.Find(value.number);
    if (position < 0) continue;
    const JsonField& field = type.fields[static_cast<size_t>(position)];
    FieldPlace& place = places[static_cast<size_t>(position)];
    const bool was_set = place.set;
    if (!AddValue(field, value, begin, reader.position(), place)) continue;
    if (field.oneof < 0 || was_set) continue;
    for (size_t i = 0; i < places.size(); ++i) {
      if (&places[i] != &place && type.fields[i].oneof == field.oneof) places[i] = FieldPlace();
    }
  }
  return reader.ok() || Fail("the bytes are no message");
}

bool JsonEncoder::AddValue(const JsonField& field, WireField& value, size_t begin, size_t end,
                           FieldPlace& place) {
  if (!Fits(field, value)) return false;
  if (!field.field->is_repeated() && IsUnknownOfClosed(*field.field, value.value)) return false;
  if (place.set && field.message != nullptr && !field.field->is_repeated()) {
    value.bytes = joined_.emplace_front(std::string(place.bytes).append(value.bytes));
  }
  if (!place.set) place.first = begin;
  place.set = true;
  place.end = end;
  place.number = value.value;
  place.bytes = value.bytes;
  return true;
}

bool JsonEncoder::Fail(std::string_view problem) {
  if (problem_.empty()) problem_ = std::string(problem);
  return false;
}

bool JsonEncoder::AppendMessage(const JsonType& type, std::string_view wire,
                                const FieldSelection* selection, int depth) {
  if (depth > kMaxDepth) return Fail("the message has more than 100 levels");
  switch (type.form) {
    case JsonForm::kObject:
      return AppendObject(type, wire, selection, depth);
    case JsonForm::kAny:
      return AppendAny(type, wire, depth);
    case JsonForm::kDuration:
      return AppendDuration(wire);
    case JsonForm::kFieldMask:
      return AppendFieldMask(wire);
    case JsonForm::kTimestamp:
      return AppendTimestamp(wire);
    case JsonForm::kValue:
      return AppendDynamicValue(type, wire, depth);
    case JsonForm::kListValue:
    case JsonForm::kStruct:
    case JsonForm::kWrapper:
      return AppendOnlyField(type, wire, depth);
  }
  return false;
}

bool JsonEncoder::AppendPart(const JsonType& type, std::string_view wire,
                             const FieldDescriptor& part, const FieldSelection* selection) {
  FieldPlaces places;
  if (!FindFields(type, wire, places)) return false;
  const auto position = static_cast<size_t>(part.index());
  const JsonField& field = type.fields[position];
  if (&part == elements_field_) {
    AppendElements();
    return true;
  }
  if (!places[position].set) {
    out_ += field.presence ? "null" : field.zero;
    return true;
  }
  const FieldSelection* inner = nullptr;
  if (selection != nullptr) selection->Contains(part, inner);
  return AppendField(field, wire, places[position], inner, 0);
}

bool JsonEncoder::AppendText(const JsonType& type, std::string_view wire,
                             std::span<const FieldDescriptor* const> path) {
  FieldPlaces places;
  if (!FindFields(type, wire, places)) return false;
  const auto position = static_cast<size_t>(path.front()->index());
  const JsonField& field = type.fields[position];
  const FieldPlace& place = places[position];
  if (path.size() > 1) return AppendText(*field.message, place.bytes, path.subspan(1));
  if (field.field->type() == FieldDescriptor::TYPE_STRING) {
    out_ += place.bytes;
    return true;
  }
  const size_t begin = out_.size();
  if (!place.set) {
    out_ += field.zero;
  } else if (!AppendValue(field, place.number, place.bytes, nullptr, 0)) {
    return false;
  }
  if (out_.size() > begin && out_[begin] == '"') {
    out_.erase(begin, 1);
    out_.pop_back();
  }
  return true;
}

bool JsonEncoder::AppendObject(const JsonType& type, std::string_view wire,
                               const FieldSelection* selection, int depth) {
  out_ += '{';
  if (!AppendFields(type, wire, selection, false, depth)) return false;
  out_ += '}';
  return true;
}

bool JsonEncoder::AppendFields(const JsonType& type, std::string_view wire,
                               const FieldSelection* selection, bool comma, int depth) {
  FieldPlaces places;
  if (!FindFields(type, wire, places)) return false;
  for (size_t i = 0; i < places.size(); ++i) {
    const JsonField& field = type.fields[i];
    const FieldSelection* inner = nullptr;
    const bool selected = selection == nullptr ? !field.computed || places[i].set
                                               : selection->Contains(*field.field, inner);
    if (!selected || (hidden_ != nullptr && hidden_->contains(field.field))) continue;
    if (!AppendMember(field, wire, places[i], inner, comma, depth)) return false;
  }
  return true;
}

bool JsonEncoder::AppendMember(const JsonField& field, std::string_view wire,
                               const FieldPlace& place, const FieldSelection* inner, bool& comma,
                               int depth) {
  if (field.presence && !place.set) return true;
  BeginMember(field, comma);
  if (field.field == elements_field_) {
    AppendElements();
    return true;
  }
  if (place.set) return AppendField(field, wire, place, inner, depth);
  out_ += field.zero;
  return true;
}

bool JsonEncoder::AppendMember(const JsonField& field, std::string_view wire,
                               const FieldSelection* inner, bool& comma, int depth) {
  FieldPlace place;
  WireReader reader(wire);
  size_t begin = 0;
  for (WireField value; reader.Next(value); begin = reader.position()) {
    AddValue(field, value, begin, reader.position(), place);
  }
  if (!reader.ok()) return Fail("the bytes are no message");
  return AppendMember(field, wire, place, inner, comma, depth);
}

bool JsonEncoder::AppendStringMember(const JsonField& field, std::string_view text, bool& comma) {
  BeginMember(field, comma);
  return AppendString(text);
}

void JsonEncoder::AppendTimestampMember(const JsonField& field, Instant time, bool& comma) {
  BeginMember(field, comma);
  AppendTimestamp(time);
}

void JsonEncoder::AppendNumberMember(const JsonField& field, std::string_view digits, bool& comma) {
  BeginMember(field, comma);
  out_ += digits;
}

void JsonEncoder::BeginMember(const JsonField& field, bool& comma) {
  if (comma) out_ += ',';
  comma = true;
  out_ += field.key;
}

void JsonEncoder::AppendElements() {
  out_ += '[';
  out_ += elements_;
  out_ += ']';
}

bool JsonEncoder::AppendField(const JsonField& field, std::string_view wire,
                              const FieldPlace& place, const FieldSelection* inner, int depth) {
  if (field.field->is_map()) return AppendMap(field, wire, place, inner, depth);
  if (field.field->is_repeated()) return AppendList(field, wire, place, inner, depth);
  return AppendValue(field, place.number, place.bytes, inner, depth);
}

bool JsonEncoder::AppendList(const JsonField& field, std::string_view wire, const FieldPlace& place,
                             const FieldSelection* inner, int depth) {
  out_ += '[';
  bool comma = false;
  const auto append = [&](uint64_t number, std::string_view bytes) {
    if (IsUnknownOfClosed(*field.field, number)) return true;
    if (comma) out_ += ',';
    comma = true;
    return AppendValue(field, number, bytes, inner, depth);
  };
  WireReader reader(wire.substr(place.first, place.end - place.first));
  for (WireField value; reader.Next(value);) {
    if (value.number != field.field->number() || !Fits(field, value)) continue;
    if (value.type == field.wire_type) {
      if (!append(value.value, value.bytes)) return false;
      continue;
    }
    WireReader packed(value.bytes);
    for (uint64_t number = 0; packed.NextPacked(field.wire_type, number);) {
      if (!append(number, {})) return false;
    }
    if (!packed.ok()) return Fail("the bytes are no message");
  }
  out_ += ']';
  return true;
}

bool JsonEncoder::AppendMap(const JsonField& field, std::string_view wire, const FieldPlace& place,
                            const FieldSelection* inner, int depth) {
  std::vector<MapEntry> entries;
  WireReader reader(wire.substr(place.first, place.end - place.first));
  for (WireField value; reader.Next(value);) {
    if (value.number != field.field->number() || !Fits(field, value)) continue;
    if (!ReadEntry(field, value.bytes, entries.emplace_back())) {
      return Fail("the bytes are no message");
    }
    if (IsUnknownOfClosed(*field.value, entries.back().number)) entries.pop_back();
  }
  SortEntries(entries);
  out_ += '{';
  bool comma = false;
  for (const MapEntry& entry : entries) {
    if (comma) out_ += ',';
    comma = true;
    if (!AppendString(entry.key.text)) return false;
    out_ += ':';
    if (!AppendValue(field, entry.number, entry.bytes, inner, depth)) return false;
  }
  out_ += '}';
  return true;
}

bool JsonEncoder::AppendString(std::string_view text) {
  return AppendJsonText(text, out_) || Fail("a string is not UTF-8");
}

bool JsonEncoder::AppendValue(const JsonField& field, uint64_t number, std::string_view bytes,
                              const FieldSelection* inner, int depth) {
  switch (field.value->type()) {
    case FieldDescriptor::TYPE_STRING:
      return AppendString(bytes);
    case FieldDescriptor::TYPE_BYTES:
      AppendJsonBytes(bytes, out_);
      return true;
    case FieldDescriptor::TYPE_BOOL:
      out_ += number != 0 ? "true" : "false";
      return true;
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_SFIXED32:
      AppendDecimal(static_cast<int64_t>(static_cast<int32_t>(number)), out_);
      return true;
    case FieldDescriptor::TYPE_SINT32:
      AppendDecimal(
          static_cast<int64_t>(WireFormatLite::ZigZagDecode32(static_cast<uint32_t>(number))),
          out_);
      return true;
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_FIXED32:
      AppendDecimal(static_cast<uint64_t>(static_cast<uint32_t>(number)), out_);
      return true;
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_SFIXED64:
      AppendQuoted(static_cast<int64_t>(number), out_);
      return true;
    case FieldDescriptor::TYPE_SINT64:
      AppendQuoted(WireFormatLite::ZigZagDecode64(number), out_);
      return true;
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_FIXED64:
      AppendQuoted(number, out_);
      return true;
    case FieldDescriptor::TYPE_FLOAT:
      AppendJsonFloat(std::bit_cast<float>(static_cast<uint32_t>(number)), out_);
      return true;
    case FieldDescriptor::TYPE_DOUBLE:
      AppendJsonDouble(std::bit_cast<double>(number), out_);
      return true;
    case FieldDescriptor::TYPE_ENUM:
      AppendEnum(*field.value->enum_type(), static_cast<int>(number), out_);
      return true;
    case FieldDescriptor::TYPE_MESSAGE:
      return AppendMessage(*field.message, bytes, inner, depth + 1);
    case FieldDescriptor::TYPE_GROUP:
      break;
  }
  return Fail("groups have no JSON");
}

}  // namespace dataservice
