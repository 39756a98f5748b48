// The messages of google.protobuf that have a form of their own in JSON.
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "civil_date.h"
#include "serve/json/json_encoder.h"
#include "serve/json/json_text.h"

namespace dataservice {
namespace {

constexpr int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kSecondsOfDay = 86400;
constexpr int64_t kFirstDay = kFirstSecond / kSecondsOfDay;

// Timestamp and Duration.
struct SecondsAndNanos {
  int64_t seconds = 0;
  int32_t nanos = 0;
};

bool Read(std::string_view wire, SecondsAndNanos& out) {
  WireReader reader(wire);
  for (WireField field; reader.Next(field);) {
    if (field.type != WireType::kVarint) continue;
    if (field.number == 1) out.seconds = static_cast<int64_t>(field.value);
    if (field.number == 2) out.nanos = static_cast<int32_t>(field.value);
  }
  return reader.ok();
}

// Writes a number of at most `kCount` digits, with zeros in front. Returns the end.
template <size_t kCount>
char* PutDigits(uint32_t value, char* out) {
  for (size_t i = kCount; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + kCount;
}

// Writes a fraction of a second with 0, 3, 6 or 9 digits: at most ten characters. Returns the end.
char* PutFraction(uint32_t nanos, char* out) {
  if (nanos == 0) return out;
  *out++ = '.';
  if (nanos % 1'000'000 == 0) return PutDigits<3>(nanos / 1'000'000, out);
  if (nanos % 1000 == 0) return PutDigits<6>(nanos / 1000, out);
  return PutDigits<9>(nanos, out);
}

// protoreflect.FullName: identifiers with dots between.
bool IsFullName(std::string_view path) {
  bool first = true;  // of an identifier
  for (const char c : path) {
    if (c == '.') {
      if (first) return false;
      first = true;
      continue;
    }
    const bool letter = absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_';
    const bool digit = absl::ascii_isdigit(static_cast<unsigned char>(c));
    if (!letter && (first || !digit)) return false;
    first = false;
  }
  return !first;
}

// "a_b.c" -> "aB.c". False where that does not lead back to the path.
bool ToCamelCase(std::string_view path, std::string& out) {
  bool after_underscore = false;
  for (const char c : path) {
    if (after_underscore) {
      if (!absl::ascii_islower(static_cast<unsigned char>(c))) return false;
      out += absl::ascii_toupper(static_cast<unsigned char>(c));
      after_underscore = false;
    } else if (c == '_') {
      after_underscore = true;
    } else if (absl::ascii_isupper(static_cast<unsigned char>(c))) {
      return false;
    } else {
      out += c;
    }
  }
  return !after_underscore;
}

}  // namespace

bool JsonEncoder::AppendTimestamp(std::string_view wire) {
  SecondsAndNanos read;
  if (!Read(wire, read)) return Fail("the bytes are no message");
  const Instant time{read.seconds, read.nanos};
  if (!IsValidTimestamp(time)) return Fail("a Timestamp is out of range");
  AppendTimestamp(time);
  return true;
}

void JsonEncoder::AppendTimestamp(Instant time) {
  const int64_t since_first = time.seconds - kFirstSecond;
  const CivilDate date = DateOf(kFirstDay + since_first / kSecondsOfDay);
  const auto second = static_cast<uint32_t>(since_first % kSecondsOfDay);
  char text[] = "\"0000-00-00T00:00:00.000000000Z\"";
  PutDigits<4>(date.year, text + 1);
  PutDigits<2>(date.month, text + 6);
  PutDigits<2>(date.day, text + 9);
  PutDigits<2>(second / 3600, text + 12);
  PutDigits<2>(second / 60 % 60, text + 15);
  char* end = PutDigits<2>(second % 60, text + 18);
  end = PutFraction(static_cast<uint32_t>(time.nanos), end);
  *end++ = 'Z';
  *end++ = '"';
  out_.append(text, end);
}

bool JsonEncoder::AppendDuration(std::string_view wire) {
  SecondsAndNanos span;
  if (!Read(wire, span)) return Fail("the bytes are no message");
  if (!IsValidDuration(span.seconds, span.nanos)) {
    return Fail("a Duration is out of range");
  }
  const bool negative = span.seconds < 0 || span.nanos < 0;
  out_ += negative ? "\"-" : "\"";
  AppendDecimal(negative ? -span.seconds : span.seconds, out_);
  char fraction[10];
  const int32_t nanos = negative ? -span.nanos : span.nanos;
  out_.append(fraction, PutFraction(static_cast<uint32_t>(nanos), fraction));
  out_ += "s\"";
  return true;
}

bool JsonEncoder::AppendFieldMask(std::string_view wire) {
  std::string text;
  WireReader reader(wire);
  for (WireField field; reader.Next(field);) {
    if (field.number != 1 || field.type != WireType::kBytes) continue;
    if (!text.empty()) text += ',';
    if (!IsFullName(field.bytes) || !ToCamelCase(field.bytes, text)) {
      return Fail("a path of a FieldMask has no form in lowerCamelCase");
    }
  }
  if (!reader.ok()) return Fail("the bytes are no message");
  return AppendString(text);
}

bool JsonEncoder::AppendOnlyField(const JsonType& type, std::string_view wire, int depth) {
  FieldPlaces places;
  if (!FindFields(type, wire, places)) return false;
  const JsonField& field = type.fields.front();
  if (!places.front().set) {
    out_ += field.zero;
    return true;
  }
  return AppendField(field, wire, places.front(), nullptr, depth);
}

bool JsonEncoder::AppendDynamicValue(const JsonType& type, std::string_view wire, int depth) {
  FieldPlaces places;
  if (!FindFields(type, wire, places)) return false;
  for (size_t i = 0; i < places.size(); ++i) {
    if (!places[i].set) continue;
    const JsonField& field = type.fields[i];
    const size_t begin = out_.size();
    if (!AppendField(field, wire, places[i], nullptr, depth)) return false;
    const bool no_number =
        field.value->type() == google::protobuf::FieldDescriptor::TYPE_DOUBLE && out_[begin] == '"';
    return !no_number || Fail("a Value is NaN or infinite");
  }
  return Fail("a Value has no kind");
}

bool JsonEncoder::AppendAny(const JsonType& type, std::string_view wire, int depth) {
  std::string_view url;
  std::string_view content;
  WireReader reader(wire);
  for (WireField field; reader.Next(field);) {
    if (field.type != WireType::kBytes) continue;
    if (field.number == 1) url = field.bytes;
    if (field.number == 2) content = field.bytes;
  }
  if (!reader.ok()) return Fail("the bytes are no message");
  if (url.empty() && content.empty()) {
    out_ += "{}";
    return true;
  }
  const size_t slash = url.rfind('/');
  const std::string name(slash == std::string_view::npos ? url : url.substr(slash + 1));
  const auto* message = type.message->file()->pool()->FindMessageTypeByName(name);
  if (message == nullptr) return Fail("an Any has an unknown type");
  const JsonType& inner = types_.Get(*message);
  out_ += "{\"@type\":";
  if (!AppendString(url)) return false;
  if (inner.form == JsonForm::kObject && message->full_name() != "google.protobuf.Empty") {
    if (!AppendFields(inner, content, nullptr, true, depth + 1)) return false;
  } else {
    out_ += ",\"value\":";
    if (!AppendMessage(inner, content, nullptr, depth + 1)) return false;
  }
  out_ += '}';
  return true;
}

}  // namespace dataservice
