// buf.validate rules of timestamps and durations.
#include "absl/strings/str_cat.h"
#include "schema/checks.h"
#include "values/time_text.h"

namespace dataservice {
namespace {

std::string TimeLiteral(const google::protobuf::Timestamp& time) {
  std::string text;
  AppendTimestamp({time.seconds(), time.nanos()}, text);
  return absl::StrCat("'", text, "'::timestamptz");
}

std::string TimeLiteral(const google::protobuf::Duration& duration) {
  std::string text;
  AppendInterval(duration.seconds(), duration.nanos(), text);
  return absl::StrCat("'", text, "'::interval");
}

std::pair<int64_t, int32_t> Order(const google::protobuf::Timestamp& t) {
  return {t.seconds(), t.nanos()};
}
std::pair<int64_t, int32_t> Order(const google::protobuf::Duration& d) {
  return {d.seconds(), d.nanos()};
}

template <typename Rules>
void AddBounds(const Rules& rules, ColumnChecks& checks) {
  const std::string& c = checks.name();
  if (rules.has_const_()) checks.Add("const", absl::StrCat(c, " = ", TimeLiteral(rules.const_())));
  const bool lower = rules.has_gt() || rules.has_gte();
  const bool upper = rules.has_lt() || rules.has_lte();
  if (!lower && !upper) return;
  const auto& low = rules.has_gt() ? rules.gt() : rules.gte();
  const auto& high = rules.has_lt() ? rules.lt() : rules.lte();
  const std::string from =
      lower ? absl::StrCat(c, rules.has_gt() ? " > " : " >= ", TimeLiteral(low)) : "";
  const std::string to =
      upper ? absl::StrCat(c, rules.has_lt() ? " < " : " <= ", TimeLiteral(high)) : "";
  const bool outside = lower && upper &&
                       (Order(low) > Order(high) ||
                        (Order(low) == Order(high) && !(rules.has_gte() && rules.has_lte())));
  checks.Add("range", absl::StrCat(from, lower && upper ? (outside ? " OR " : " AND ") : "", to));
}

}  // namespace

void AddTimeChecks(const buf::validate::FieldRules& rules, ColumnChecks& checks) {
  if (rules.has_duration()) {
    AddBounds(rules.duration(), checks);
    if (!rules.duration().in().empty() || !rules.duration().not_in().empty()) {
      checks.ServerOnly("duration.in and not_in");
    }
    return;
  }
  AddBounds(rules.timestamp(), checks);
  if (rules.timestamp().has_lt_now() || rules.timestamp().has_gt_now() ||
      rules.timestamp().has_within()) {
    checks.ServerOnly("timestamp rules relative to now");
  }
}

}  // namespace dataservice
