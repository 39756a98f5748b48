#include "random_row.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "absl/strings/str_format.h"
#include "buf/validate/validate.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"

namespace dataservice::test {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::array<const char*, 24> kPieces = {
    "a", "Z", "0", " ", "'", "\"", "\\", "{", "}", ",", "NULL", "null", "\n", "\t", "\x01", "%",
    // Precomposed, combined, right to left, beyond the basic plane, joined.
    "\u00e9", "e\u0301", "\u05d0", "\U0001F4DA", "\U0001F468\u200d\U0001F469", "\ufeff", "\u2028",
    "</script>"};

size_t Characters(const std::string& text) {
  size_t count = 0;
  for (const char c : text) count += (c & 0xC0) != 0x80;
  return count;
}

}  // namespace

std::string RandomRow::Uuid() {
  const uint64_t a = engine_();
  const uint64_t b = engine_();
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", a >> 32, (a >> 16) & 0xffff, a & 0xfff,
                         b & 0xfff, b >> 16);
}

std::string RandomRow::Text(size_t max_characters) {
  std::string text;
  const size_t pieces = Chance(2) ? 20000 : Below(12);
  for (size_t i = 0; i < pieces; ++i) {
    const std::string piece = kPieces[Below(kPieces.size())];
    if (Characters(text) + Characters(piece) > max_characters) break;
    text += piece;
    if (pieces == 20000) i += text.size() / 4;  // grows fast, ends soon
  }
  return text;
}

std::string RandomRow::Bytes() {
  std::string bytes;
  const size_t size = Chance(2) ? 30000 : Below(12);
  for (size_t i = 0; i < size; ++i) {
    bytes += Chance(30) ? "\0\\'\"\xff"[Below(5)] : static_cast<char>(Below(256));
  }
  return bytes;
}

uint64_t RandomRow::Integer(int bits) {
  const uint64_t mask = bits == 64 ? ~uint64_t{0} : (uint64_t{1} << bits) - 1;
  const uint64_t top = uint64_t{1} << (bits - 1);
  const std::array<uint64_t, 8> extremes = {0, 1, mask, mask - 1, top, top - 1, top + 1, 10};
  return (Chance(40) ? extremes[Below(extremes.size())] : engine_() >> Below(64)) & mask;
}

double RandomRow::Float(bool single) {
  using Double = std::numeric_limits<double>;
  using Single = std::numeric_limits<float>;
  const std::array<double, 12> extremes = {0.0,
                                           -0.0,
                                           Double::quiet_NaN(),
                                           Double::infinity(),
                                           -Double::infinity(),
                                           single ? Single::denorm_min() : Double::denorm_min(),
                                           single ? -Single::denorm_min() : -Double::denorm_min(),
                                           single ? Single::min() : Double::min(),
                                           single ? Single::max() : Double::max(),
                                           single ? Single::lowest() : Double::lowest(),
                                           0.1,
                                           9007199254740993.0};
  if (Chance(50)) return extremes[Below(extremes.size())];
  const double value = single ? std::bit_cast<float>(static_cast<uint32_t>(engine_()))
                              : std::bit_cast<double>(engine_());
  return std::isnan(value) ? 0.5 : value;
}

size_t RandomRow::Size(const FieldDescriptor& field, int depth) {
  const auto& rules = field.options().GetExtension(buf::validate::field).repeated();
  if (Chance(3) && depth == 3 && field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    return rules.has_max_items() ? rules.max_items() : 1500;
  }
  return Below(depth == 3 ? 5 : 3);
}

void RandomRow::Fill(Message& message, int percent, int depth) {
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!Chance(percent)) continue;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && depth == 0) continue;
    const size_t count = field.is_repeated() ? Size(field, depth) : 1;
    for (size_t n = 0; n < count; ++n) Set(message, field, depth);
  }
}

void RandomRow::Set(Message& message, const FieldDescriptor& field, int depth) {
  const auto& r = *message.GetReflection();
  const bool add = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: {
      const bool value = Chance(50);
      return add ? r.AddBool(&message, &field, value) : r.SetBool(&message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_INT32: {
      const auto value = static_cast<int32_t>(Integer(32));
      return add ? r.AddInt32(&message, &field, value) : r.SetInt32(&message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      const auto value = static_cast<int64_t>(Integer(64));
      return add ? r.AddInt64(&message, &field, value) : r.SetInt64(&message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      const auto value = static_cast<uint32_t>(Integer(32));
      return add ? r.AddUInt32(&message, &field, value) : r.SetUInt32(&message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_UINT64: {
      const uint64_t value = Integer(64);
      return add ? r.AddUInt64(&message, &field, value) : r.SetUInt64(&message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_FLOAT: {
      const auto value = static_cast<float>(Float(true));
      return add ? r.AddFloat(&message, &field, value) : r.SetFloat(&message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const double value = Float(false);
      return add ? r.AddDouble(&message, &field, value) : r.SetDouble(&message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto& type = *field.enum_type();
      const auto* value = type.value(static_cast<int>(Below(type.value_count())));
      return add ? r.AddEnum(&message, &field, value) : r.SetEnum(&message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      const auto& rules = field.options().GetExtension(buf::validate::field).string();
      const std::string value = field.type() == FieldDescriptor::TYPE_BYTES ? Bytes()
                                : rules.uuid()
                                    ? Uuid()
                                    : Text(rules.has_max_len() ? rules.max_len() : 1 << 16);
      return add ? r.AddString(&message, &field, value) : r.SetString(&message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetMessage(add ? *r.AddMessage(&message, &field) : *r.MutableMessage(&message, &field),
                        depth - 1);
  }
}

void RandomRow::SetMessage(Message& message, int depth) {
  if (auto* time = dynamic_cast<google::protobuf::Timestamp*>(&message)) {
    constexpr int64_t kFirst = -62135596800;
    constexpr int64_t kLast = 253402300799;
    const std::array<int64_t, 4> edges = {kFirst, kLast, 0, -1};
    time->set_seconds(Chance(50) ? edges[Below(4)]
                                 : kFirst + static_cast<int64_t>(Below(kLast - kFirst)));
    const std::array<int32_t, 5> nanos = {0, 999999999, 999999000, 1, 1000};
    time->set_nanos(Chance(50) ? nanos[Below(5)] : static_cast<int32_t>(Below(1000000000)));
  } else if (auto* duration = dynamic_cast<google::protobuf::Duration*>(&message)) {
    const std::array<int64_t, 4> edges = {315576000000, 0, 1, 86400};
    duration->set_seconds(Chance(50) ? edges[Below(4)] : static_cast<int64_t>(Below(315576000000)));
    const std::array<int32_t, 5> nanos = {0, 999999999, 999999000, 1, 1000};
    duration->set_nanos(Chance(50) ? nanos[Below(5)] : static_cast<int32_t>(Below(1000000000)));
    if (Chance(50)) {
      duration->set_seconds(-duration->seconds());
      duration->set_nanos(-duration->nanos());
    }
  } else if (auto* date = dynamic_cast<google::type::Date*>(&message)) {
    date->set_year(Chance(30) ? (Chance(50) ? 1 : 9999) : 1 + static_cast<int>(Below(9999)));
    date->set_month(1 + static_cast<int>(Below(12)));
    date->set_day(1 + static_cast<int>(Below(28)));
  } else if (auto* money = dynamic_cast<google::type::Money*>(&message)) {
    money->set_currency_code(Chance(50) ? "EUR" : "XTS");
    money->set_units(Chance(50) ? 0 : static_cast<int64_t>(Below(1ULL << 62)));
    money->set_nanos(static_cast<int32_t>(Below(1000000000)));
    if (Chance(50)) {
      money->set_units(-money->units());
      money->set_nanos(-money->nanos());
    }
  } else {
    Fill(message, 60, depth);
  }
}

}  // namespace dataservice::test
