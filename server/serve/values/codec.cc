#include "serve/values/codec.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <algorithm>

#include "google/type/date.pb.h"
#include "postgres/time_text.h"
#include "serve/values/json_field.h"
#include "serve/values/literal.h"
#include "serve/values/scalar_text.h"
#include "serve/values/scalar_wire.h"
#include "serve/values/time_literal.h"
#include "serve/values/wire.h"

namespace dataservice {
namespace {

using google::protobuf::Duration;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;
using google::type::Date;

// A message that may be generated or dynamic, as the generated class.
template <typename Known>
Known As(const Message& message) {
  Known known;
  if (message.GetDescriptor() == Known::descriptor()) {
    known.CopyFrom(message);
  } else {
    known.ParseFromString(message.SerializeAsString());
  }
  return known;
}

// Encodes a field with the message `Known`. `Append` appends its text and returns false for a
// value that the column cannot hold.
template <typename Known, auto Append>
bool Encode(const Message& message, const FieldDescriptor& field, const Column&, std::string& out,
            std::string& problem) {
  return Append(As<Known>(message.GetReflection()->GetMessage(message, &field)), out, problem);
}

// Decodes a field with a message. `Append` appends the message's wire bytes.
template <auto Append>
bool Decode(const Column& column, std::string_view text, const Message&,
            const std::vector<std::string>&, std::string& out) {
  OpenField message(column.field->number(), 0, out);
  if (!Append(text, out)) return false;
  message.Close();
  return true;
}

bool TimestampText(const Timestamp& time, std::string& out, std::string& problem) {
  const Instant instant{time.seconds(), time.nanos()};
  if (!IsValidTimestamp(instant)) {
    problem = "value must be a time of the years 1 to 9999";
    return false;
  }
  AppendTimestamp(instant, out);
  return true;
}

bool TimestampWire(std::string_view text, std::string& out) {
  Instant time;
  if (!ParseTimestamp(text, time)) return false;
  AppendIntegers({time.seconds, time.nanos}, out);
  return true;
}

std::string TimestampInput(std::string_view output) {
  Instant time;
  std::string out;
  if (ParseTimestamp(output, time)) AppendTimestamp(time, out);
  return out;
}

bool IntervalText(const Duration& duration, std::string& out, std::string& problem) {
  if (!IsValidDuration(duration.seconds(), duration.nanos())) {
    problem = "value must be a duration of at most 315,576,000,000 seconds";
    return false;
  }
  AppendInterval(duration.seconds(), duration.nanos(), out);
  return true;
}

bool IntervalWire(std::string_view text, std::string& out) {
  int64_t seconds;
  int32_t nanos;
  if (!ParseInterval(text, seconds, nanos)) return false;
  AppendIntegers({seconds, nanos}, out);
  return true;
}

std::string IntervalInput(std::string_view output) {
  int64_t seconds;
  int32_t nanos;
  std::string out;
  if (ParseInterval(output, seconds, nanos)) AppendInterval(seconds, nanos, out);
  return out;
}

// Cuts the nanoseconds (field 2) of a Timestamp or Duration off to microseconds, if
// `IsValid(seconds, nanos)`.
template <auto IsValid>
void Truncate(Message& time) {
  const google::protobuf::Reflection& reflection = *time.GetReflection();
  const FieldDescriptor* nanos = time.GetDescriptor()->FindFieldByNumber(2);
  const int64_t seconds = reflection.GetInt64(time, time.GetDescriptor()->FindFieldByNumber(1));
  const int32_t value = reflection.GetInt32(time, nanos);
  if (IsValid(seconds, value)) reflection.SetInt32(&time, nanos, value - value % 1000);
}

bool IsTimestamp(int64_t seconds, int32_t nanos) { return IsValidTimestamp({seconds, nanos}); }

bool DateText(const Date& date, std::string& out, std::string& problem) {
  if (!AppendDate(date.year(), date.month(), date.day(), out)) {
    problem = "value must be a full date of the years 1 to 9999";
    return false;
  }
  return true;
}

bool DateWire(std::string_view text, std::string& out) {
  int year, month, day;
  if (!ParseDate(text, year, month, day)) return false;
  AppendIntegers({year, month, day}, out);
  return true;
}

bool EncodeJson(const Message& message, const FieldDescriptor& field, const Column&,
                std::string& out, std::string& problem) {
  return AppendFieldJson(message, field, out, problem);
}

bool DecodeJson(const Column& column, std::string_view text, const Message& prototype,
                const std::vector<std::string>& sub_fields, std::string& out) {
  return AppendWireOfFieldJson(prototype, *column.field, text, sub_fields, out);
}

}  // namespace

constexpr std::array<Codec, kColumnTypes> kCodecs = {{
    {.type = ColumnType::kText, .encode = EncodeText, .decode = DecodeText, .literal = ConvertText},
    {.type = ColumnType::kUuid, .encode = EncodeUuid, .decode = DecodeText, .literal = ConvertUuid},
    {.type = ColumnType::kBoolean,
     .encode = EncodeBoolean,
     .decode = DecodeBoolean,
     .literal = ConvertBoolean},
    {.type = ColumnType::kInteger,
     .encode = EncodeInteger,
     .decode = DecodeInteger,
     .literal = ConvertNumber},
    {.type = ColumnType::kBigint,
     .encode = EncodeInteger,
     .decode = DecodeInteger,
     .literal = ConvertNumber},
    {.type = ColumnType::kNumeric,
     .encode = EncodeInteger,
     .decode = DecodeInteger,
     .literal = ConvertNumber},
    {.type = ColumnType::kReal,
     .encode = EncodeReal,
     .decode = DecodeReal,
     .literal = ConvertNumber,
     .input = RealInput},
    {.type = ColumnType::kDouble,
     .encode = EncodeDouble,
     .decode = DecodeDouble,
     .literal = ConvertNumber,
     .input = DoubleInput},
    {.type = ColumnType::kBytea,
     .encode = EncodeBytes,
     .decode = DecodeBytes,
     .literal = ConvertBytes},
    {.type = ColumnType::kEnum,
     .encode = EncodeEnum,
     .decode = DecodeInteger,
     .literal = ConvertEnum},
    {.type = ColumnType::kTimestamp,
     .encode = Encode<Timestamp, TimestampText>,
     .decode = Decode<TimestampWire>,
     .literal = ConvertTimestamp,
     .input = TimestampInput,
     .truncate = Truncate<IsTimestamp>},
    {.type = ColumnType::kInterval,
     .encode = Encode<Duration, IntervalText>,
     .decode = Decode<IntervalWire>,
     .literal = ConvertDuration,
     .input = IntervalInput,
     .truncate = Truncate<IsValidDuration>},
    {.type = ColumnType::kDate,
     .encode = Encode<Date, DateText>,
     .decode = Decode<DateWire>,
     .literal = ConvertDate},
    {.type = ColumnType::kJsonb, .encode = EncodeJson, .decode = DecodeJson},
}};

namespace {

constexpr bool IsComplete(const Codec& codec) {
  return codec.encode != nullptr && codec.decode != nullptr &&
         (codec.literal != nullptr) == TraitsOf(codec.type).comparable;
}
static_assert(HasRowForEachType(kCodecs));
static_assert(std::all_of(kCodecs.begin(), kCodecs.end(), IsComplete));

}  // namespace
}  // namespace dataservice
