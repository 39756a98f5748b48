// The messages of google.protobuf that have a form of their own in JSON.
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "serve/json/json_encoder.h"
#include "serve/json/json_text.h"

namespace dataservice {
namespace {

constexpr int64_t kFirstSecond = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253402300799;   // 9999-12-31T23:59:59Z
constexpr int64_t kMaxDuration = 315576000000;  // seconds: 10,000 years
constexpr int64_t kNanos = 1'000'000'000;
constexpr int64_t kSecondsOfDay = 86400;

// Timestamp and Duration.
struct SecondsAndNanos {
  int64_t seconds = 0;
  int64_t nanos = 0;
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

// Appends a number of at most `count` digits, which are at most 9, with zeros in front.
void AppendDigits(int64_t value, size_t count, std::string& out) {
  char digits[9];
  for (size_t i = count; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, count);
}

// Appends a fraction of a second with 0, 3, 6 or 9 digits.
void AppendFraction(int64_t nanos, std::string& out) {
  if (nanos == 0) return;
  out += '.';
  if (nanos % 1'000'000 == 0) {
    AppendDigits(nanos / 1'000'000, 3, out);
  } else if (nanos % 1000 == 0) {
    AppendDigits(nanos / 1000, 6, out);
  } else {
    AppendDigits(nanos, 9, out);
  }
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
  SecondsAndNanos time;
  if (!Read(wire, time)) return Fail("the bytes are no message");
  if (time.seconds < kFirstSecond || time.seconds > kLastSecond || time.nanos < 0 ||
      time.nanos >= kNanos) {
    return Fail("a Timestamp is out of range");
  }
  const int64_t since_first = time.seconds - kFirstSecond;
  const absl::CivilDay date = absl::CivilDay(1, 1, 1) + since_first / kSecondsOfDay;
  const int64_t second = since_first % kSecondsOfDay;
  out_ += '"';
  AppendDigits(date.year(), 4, out_);
  out_ += '-';
  AppendDigits(date.month(), 2, out_);
  out_ += '-';
  AppendDigits(date.day(), 2, out_);
  out_ += 'T';
  AppendDigits(second / 3600, 2, out_);
  out_ += ':';
  AppendDigits(second / 60 % 60, 2, out_);
  out_ += ':';
  AppendDigits(second % 60, 2, out_);
  AppendFraction(time.nanos, out_);
  out_ += "Z\"";
  return true;
}

bool JsonEncoder::AppendDuration(std::string_view wire) {
  SecondsAndNanos span;
  if (!Read(wire, span)) return Fail("the bytes are no message");
  const bool opposed = (span.seconds > 0 && span.nanos < 0) || (span.seconds < 0 && span.nanos > 0);
  if (span.seconds < -kMaxDuration || span.seconds > kMaxDuration || span.nanos <= -kNanos ||
      span.nanos >= kNanos || opposed) {
    return Fail("a Duration is out of range");
  }
  const bool negative = span.seconds < 0 || span.nanos < 0;
  out_ += negative ? "\"-" : "\"";
  AppendDecimal(negative ? -span.seconds : span.seconds, out_);
  AppendFraction(negative ? -span.nanos : span.nanos, out_);
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
