#include "contract/rules/documented.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "contract/rules/rule_families.h"
#include "re2/re2.h"

namespace dataservice::rules {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

using Predicate = bool (*)(const Value&);

Verdict Say(const char* rule_id, const char* description) {
  Verdict verdict;
  verdict.rule_id = rule_id;
  verdict.description = description;
  return verdict;
}

// The field of that number.
Value Part(const Message& message, int number) {
  return ReadField(message, message.GetDescriptor()->FindFieldByNumber(number));
}

bool Has(const Message& message, int number) {
  return message.GetReflection()->HasField(message,
                                           message.GetDescriptor()->FindFieldByNumber(number));
}

bool IsWithin(int64_t value, int64_t low, int64_t high) { return low <= value && value <= high; }

// False for NaN.
bool IsWithin(double value, double low, double high) { return low <= value && value <= high; }

bool FullMatches(std::string_view text, const RE2& pattern) {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

int DaysOf(int64_t year, int64_t month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  // A date without a year may be 29 February.
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool IsDay(int64_t year, int64_t month, int64_t day) {
  return IsWithin(year, 0, 9999) && IsWithin(month, 0, 12) &&
         IsWithin(day, 0, month == 0 ? 31 : DaysOf(year, month));
}

bool IsTimeOfDay(const Message& message, int hours_number) {
  const int64_t hours = Part(message, hours_number).i;
  const int64_t minutes = Part(message, hours_number + 1).i;
  const int64_t seconds = Part(message, hours_number + 2).i;
  const int64_t nanos = Part(message, hours_number + 3).i;
  if (hours == 24) return minutes == 0 && seconds == 0 && nanos == 0;
  return IsWithin(hours, 0, 23) && IsWithin(minutes, 0, 59) && IsWithin(seconds, 0, 59) &&
         IsWithin(nanos, 0, 999'999'999);
}

bool IsRegion(std::string_view text) {
  static const RE2& pattern = *new RE2("[A-Z]{2}|[0-9]{3}");
  return FullMatches(text, pattern);
}

bool IsLanguageOrEmpty(std::string_view text) {
  static const RE2& pattern = *new RE2("([A-Za-z]{1,8}([-_][A-Za-z0-9]{1,8})*)?");
  return FullMatches(text, pattern);
}

bool IsDate(const Value& v) {
  const int64_t year = Part(*v.message, 1).i;
  const int64_t month = Part(*v.message, 2).i;
  const int64_t day = Part(*v.message, 3).i;
  if (year == 0 && (month == 0 || day == 0)) return false;
  if (month == 0 && day != 0) return false;
  return IsDay(year, month, day);
}

bool IsDateTime(const Value& v) {
  return IsDay(Part(*v.message, 1).i, Part(*v.message, 2).i, Part(*v.message, 3).i) &&
         IsTimeOfDay(*v.message, 4);
}

bool IsUtcOffset(const Value& v) {
  constexpr int kUtcOffset = 8;
  if (!Has(*v.message, kUtcOffset)) return true;
  const Message& offset = *Part(*v.message, kUtcOffset).message;
  return IsWithin(Part(offset, 1).i, -18 * 3600, 18 * 3600) && Part(offset, 2).i == 0;
}

bool IsCurrency(const Value& v) {
  static const RE2& pattern = *new RE2("[A-Z]{3}");
  return FullMatches(Part(*v.message, 1).text, pattern);
}

bool IsAmount(const Value& v) {
  const int64_t units = Part(*v.message, 2).i;
  const int64_t nanos = Part(*v.message, 3).i;
  return IsWithin(nanos, units > 0 ? 0 : -999'999'999, units < 0 ? 0 : 999'999'999);
}

bool IsColor(const Value& v) {
  for (const int number : {1, 2, 3}) {
    if (!IsWithin(Part(*v.message, number).d, 0, 1)) return false;
  }
  constexpr int kAlpha = 4;
  return !Has(*v.message, kAlpha) || IsWithin(Part(*Part(*v.message, kAlpha).message, 1).d, 0, 1);
}

bool IsLatLng(const Value& v) {
  return IsWithin(Part(*v.message, 1).d, -90, 90) && IsWithin(Part(*v.message, 2).d, -180, 180);
}

bool IsInterval(const Value& v) {
  if (!Has(*v.message, 1) || !Has(*v.message, 2)) return true;
  return Nanoseconds(*Part(*v.message, 1).message) <= Nanoseconds(*Part(*v.message, 2).message);
}

bool IsPhoneNumber(const Value& v) {
  static const RE2& number = *new RE2("\\+[1-9][0-9]{1,31}");
  static const RE2& short_number = *new RE2("[0-9]{1,32}");
  constexpr int kShortCode = 2;
  if (Has(*v.message, 1)) return FullMatches(Part(*v.message, 1).text, number);
  if (!Has(*v.message, kShortCode)) return false;
  const Message& code = *Part(*v.message, kShortCode).message;
  return IsRegion(Part(code, 1).text) && FullMatches(Part(code, 2).text, short_number);
}

// ProtoJSON writes names in lowerCamelCase and converts them back when it is parsed. Only some
// names are the same afterwards.
bool IsFieldMask(const Value& v) {
  static const RE2& path =
      *new RE2("[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*(\\.[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*)*");
  const FieldDescriptor* paths = v.message->GetDescriptor()->field(0);
  const int size = v.message->GetReflection()->FieldSize(*v.message, paths);
  for (int i = 0; i < size; ++i) {
    const std::string_view text = ReadItem(*v.message, paths, i).text;
    if (text.find('\0') != std::string_view::npos) continue;  // string.nul reports it
    if (!FullMatches(text, path)) return false;
  }
  return true;
}

// One of the kinds of google.protobuf.Value is set, and a number is one that JSON can express.
bool IsJsonValue(const Value& v) {
  const Message& value = *v.message;
  const auto* kind =
      value.GetReflection()->GetOneofFieldDescriptor(value, value.GetDescriptor()->oneof_decl(0));
  if (kind == nullptr) return false;
  return kind->cpp_type() != FieldDescriptor::CPPTYPE_DOUBLE ||
         std::isfinite(ReadField(value, kind).d);
}

struct Documented {
  const char* type;
  const char* rule_id;
  const char* description;
  Predicate holds;
};

constexpr Documented kDocumented[] = {
    {"google.protobuf.FieldMask", "field_mask.paths",
     "must have paths of names in lower_snake_case, in which a letter follows each _", IsFieldMask},
    {"google.protobuf.Value", "value.kind",
     "must be null, a finite number, a string, a bool, a Struct or a ListValue", IsJsonValue},
    {"google.type.Color", "color.range", "must have components from 0 to 1", IsColor},
    {"google.type.Date", "date.day",
     "must be a day, a year, a year and month, or a month and day, of the years 1 to 9999", IsDate},
    {"google.type.DateTime", "date_time.parts",
     "must be a time of a day of the years 1 to 9999, or 0 where a part is left out", IsDateTime},
    {"google.type.DateTime", "date_time.utc_offset",
     "must have a utc_offset of whole seconds, of at most 18 hours", IsUtcOffset},
    {"google.type.Decimal", "decimal.value",
     "must have a decimal number as value, such as -2.5E+8, of at most 1000 characters and an "
     "exponent of at most four digits",
     [](const Value& v) { return IsDecimal(Part(*v.message, 1).text); }},
    {"google.type.Fraction", "fraction.denominator", "must have a positive denominator",
     [](const Value& v) { return Part(*v.message, 2).i > 0; }},
    {"google.type.Interval", "interval.order", "must not end before it starts", IsInterval},
    {"google.type.LatLng", "lat_lng.range",
     "must have a latitude from -90 to 90 and a longitude from -180 to 180", IsLatLng},
    {"google.type.LocalizedText", "localized_text.language_code",
     "must have a language_code of BCP 47, such as en-US",
     [](const Value& v) { return IsLanguageOrEmpty(Part(*v.message, 2).text); }},
    {"google.type.Money", "money.currency_code",
     "must have the three capital letters of ISO 4217 as currency_code", IsCurrency},
    {"google.type.Money", "money.amount",
     "must have nanos from -999999999 to 999999999, of the same sign as units", IsAmount},
    {"google.type.PhoneNumber", "phone_number.kind",
     "must be + and digits, or a short code of digits with the region_code of a country",
     IsPhoneNumber},
    {"google.type.PhoneNumber", "phone_number.extension",
     "must have an extension of at most 40 characters",
     [](const Value& v) { return Part(*v.message, 3).text.size() <= 40; }},
    {"google.type.PostalAddress", "postal_address.revision", "must have the revision 0",
     [](const Value& v) { return Part(*v.message, 1).i == 0; }},
    {"google.type.PostalAddress", "postal_address.region_code",
     "must have the region_code of a country, such as CH",
     [](const Value& v) { return IsRegion(Part(*v.message, 2).text); }},
    {"google.type.PostalAddress", "postal_address.language_code",
     "must have a language_code of BCP 47, such as en-US",
     [](const Value& v) { return IsLanguageOrEmpty(Part(*v.message, 3).text); }},
    {"google.type.TimeOfDay", "time_of_day.range", "must be a time from 00:00:00 to 24:00:00",
     [](const Value& v) { return IsTimeOfDay(*v.message, 1); }},
};

Check EnumCheck(const google::protobuf::EnumDescriptor* type) {
  return {
      [type](const Value& v) { return type->FindValueByNumber(static_cast<int>(v.i)) != nullptr; },
      Say("enum.defined_only", "value must be one of the defined enum values")};
}

void CompileMessage(const Descriptor* type, const ValidatorOptions& options,
                    std::vector<Check>* checks);

bool HoldsAll(const std::vector<Check>& checks, const Value& value) {
  return std::all_of(checks.begin(), checks.end(),
                     [&](const Check& check) { return check.holds(value); });
}

// Whether a message and all messages inside it pass the checks.
bool IsDocumented(const Message& message, const ValidatorOptions& options) {
  std::vector<Check> checks;
  CompileMessage(message.GetDescriptor(), options, &checks);
  Value self;
  self.message = &message;
  if (!HoldsAll(checks, self)) return false;
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> set;
  reflection.ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    const bool is_message = field->message_type() != nullptr;
    if (!is_message && field->enum_type() == nullptr) continue;
    const int size = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      const Value value =
          field->is_repeated() ? ReadItem(message, field, i) : ReadField(message, field);
      const bool holds = is_message ? IsDocumented(*value.message, options)
                                    : EnumCheck(field->enum_type()).holds(value);
      if (!holds) return false;
    }
  }
  return true;
}

// The programs of a contract do not check the message inside an Any. It is nevertheless written as
// JSON, by the engine and by the gateway, whose library is stricter.
bool IsAny(const Message& any, const ValidatorOptions& options) {
  std::string_view name = Part(any, 1).text;
  if (name.empty()) return Part(any, 2).text.empty();
  constexpr std::string_view kPrefix = "type.googleapis.com/";
  if (!name.starts_with(kPrefix)) return false;
  name.remove_prefix(kPrefix.size());
  if (options.known_type && !options.known_type(name)) return false;
  const Descriptor* type =
      any.GetDescriptor()->file()->pool()->FindMessageTypeByName(std::string(name));
  const Message* prototype =
      type == nullptr ? nullptr
                      : google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
  if (prototype == nullptr) return true;
  const std::unique_ptr<Message> content(prototype->New());
  return content->ParseFromString(std::string(Part(any, 2).text)) &&
         IsDocumented(*content, options);
}

void CompileMessage(const Descriptor* type, const ValidatorOptions& options,
                    std::vector<Check>* checks) {
  const std::string& name = type->full_name();
  if (name == "google.protobuf.Timestamp") checks->push_back(TimestampRange());
  if (name == "google.protobuf.Duration") checks->push_back(DurationRange());
  if (name == "google.protobuf.Any") {
    checks->push_back(
        {[inner = ValidatorOptions{.known_type = options.known_type}](const Value& v) {
           return IsAny(*v.message, inner);
         },
         Say("any.type_url",
             "must hold a message of the contract or of google.protobuf that can be stored, with "
             "the type_url type.googleapis.com/ and its name")});
  }
  for (const Documented& documented : kDocumented) {
    if (name != documented.type) continue;
    checks->push_back({documented.holds, Say(documented.rule_id, documented.description)});
  }
}

}  // namespace

void CompileDocumented(const FieldDescriptor* field, const ValidatorOptions& options,
                       std::vector<Check>* checks) {
  if (field->enum_type() != nullptr) {
    checks->push_back(EnumCheck(field->enum_type()));
    return;
  }
  if (field->message_type() == nullptr || field->is_map()) return;
  const bool is_parameter = options.is_parameter && options.is_parameter(*field);
  if (is_parameter && field->message_type()->full_name() == "google.protobuf.FieldMask") return;
  CompileMessage(field->message_type(), options, checks);
}

bool IsDecimal(std::string_view text) {
  static const RE2& pattern =
      *new RE2("([-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?)?");
  return text.size() <= 1000 && FullMatches(text, pattern);
}

}  // namespace dataservice::rules
