// Rules of google.protobuf.Duration and Timestamp.
#include "contract/rules/range.h"
#include "contract/rules/rule_families.h"
#include "contract/rules/rule_text.h"
#include "contract/rules/set_rules.h"

namespace dataservice::rules {
namespace {

using absl::int128;

constexpr int64_t kNanosPerSecond = 1'000'000'000;
constexpr int64_t kDurationSeconds = 315'576'000'000;  // 10,000 years
constexpr int64_t kFirstSecond = -62'135'596'800;      // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253'402'300'799;       // 9999-12-31T23:59:59Z
constexpr const char* kDurationName = "google.protobuf.Duration";

int128 ReadTime(const Value& value) { return Nanoseconds(*value.message); }
std::string TextOfDuration(const int128& nanos) { return DurationText(nanos); }
std::string TextOfTimestamp(const int128& nanos) { return TimestampText(nanos); }
std::string EqualsDuration(const int128& nanos) { return "must equal " + DurationText(nanos); }
std::string EqualsTimestamp(const int128& nanos) { return "must equal " + TimestampText(nanos); }

int128 Seconds(int64_t seconds) { return int128(seconds) * kNanosPerSecond; }

// Every time in a rule must be valid, also that of `within`.
void RefuseMalformed(RuleReader& reader) {
  using google::protobuf::FieldDescriptor;
  std::vector<const FieldDescriptor*> set;
  reader.rules().GetReflection()->ListFields(reader.rules(), &set);
  for (const FieldDescriptor* field : set) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_extension()) continue;
    const Check range =
        field->message_type()->full_name() == kDurationName ? DurationRange() : TimestampRange();
    const int size =
        field->is_repeated() ? reader.rules().GetReflection()->FieldSize(reader.rules(), field) : 1;
    for (int i = 0; i < size; ++i) {
      const Value value = field->is_repeated() ? ReadItem(reader.rules(), field, i)
                                               : ReadField(reader.rules(), field);
      if (range.holds(value)) continue;
      reader.Refuse(field->name(), "the rule's value " + range.broken.description, "correct it");
    }
  }
}

// Seconds and nanos, read with the value's own descriptor: if the contract was loaded at run time,
// values of rules and of messages have different descriptors.
std::pair<int64_t, int32_t> Parts(const Value& value) {
  const auto* type = value.message->GetDescriptor();
  const auto* reflection = value.message->GetReflection();
  return {reflection->GetInt64(*value.message, type->field(0)),
          reflection->GetInt32(*value.message, type->field(1))};
}

Verdict RangeVerdict(const char* rule_id, const char* description) {
  Verdict verdict;
  verdict.rule_id = rule_id;
  verdict.description = description;
  return verdict;
}

}  // namespace

void CompileDurationRules(RuleReader& reader, std::vector<Check>* checks) {
  RefuseMalformed(reader);
  const Ordered<int128> type{ReadTime, TextOfDuration, -Seconds(kDurationSeconds),
                             Seconds(kDurationSeconds)};
  CompileRange(reader, type, checks);
  CompileSets(reader, Members<int128>{ReadTime, TextOfDuration, EqualsDuration}, checks);
  reader.TakeList("example");
}

void CompileTimestampRules(RuleReader& reader, const Clock& now, std::vector<Check>* checks) {
  RefuseMalformed(reader);
  const Ordered<int128> type{ReadTime, TextOfTimestamp, Seconds(kFirstSecond),
                             Seconds(kLastSecond) + kNanosPerSecond - 1};
  CompileRange(reader, type, checks);
  // Before the rules about the current time, which the values of const and in cannot be checked
  // with.
  CompileSets(reader, Members<int128>{ReadTime, TextOfTimestamp, EqualsTimestamp}, checks);
  const bool past = reader.TakeFlag("lt_now");
  const bool future = reader.TakeFlag("gt_now");
  if (past && future) {
    reader.RefuseUnsatisfiable("gt_now", "no time is both before and after now");
  }
  if (past) {
    checks->push_back({[now](const Value& v) { return ReadTime(v) <= now(); },
                       reader.Say("lt_now", "must be less than now")});
  }
  if (future) {
    checks->push_back({[now](const Value& v) { return ReadTime(v) >= now(); },
                       reader.Say("gt_now", "must be greater than now")});
  }
  if (const auto value = reader.Take("within")) {
    const int128 within = ReadTime(*value);
    if (within < 0) reader.RefuseUnsatisfiable("within", "the duration is negative");
    checks->push_back({[now, within](const Value& v) {
                         const int128 distance = ReadTime(v) - now();
                         return -within <= distance && distance <= within;
                       },
                       reader.Say("within", "must be within " + DurationText(within) + " of now")});
  }
  reader.TakeList("example");
}

Check TimestampRange() {
  return {
      [](const Value& value) {
        const auto [seconds, nanos] = Parts(value);
        return kFirstSecond <= seconds && seconds <= kLastSecond && 0 <= nanos &&
               nanos < kNanosPerSecond;
      },
      RangeVerdict("timestamp.range",
                   "must be a time from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z")};
}

Check DurationRange() {
  return {[](const Value& value) {
            const auto [seconds, nanos] = Parts(value);
            const bool same_sign = (seconds <= 0 && nanos <= 0) || (seconds >= 0 && nanos >= 0);
            return -kDurationSeconds <= seconds && seconds <= kDurationSeconds &&
                   -kNanosPerSecond < nanos && nanos < kNanosPerSecond && same_sign;
          },
          RangeVerdict("duration.range",
                       "must be a duration of at most 10000 years, with nanos of the same sign")};
}

}  // namespace dataservice::rules
