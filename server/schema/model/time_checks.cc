// buf.validate rules of timestamps and durations. Columns store microseconds, so that a bound
// between two microseconds becomes a bound at one of them.
#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "postgres/time_text.h"
#include "schema/model/checks.h"

namespace dataservice::schema {
namespace {

constexpr int64_t kNanosPerSecond = 1000000000;

// A bound in nanoseconds, and the text of the microsecond at or before it.
struct Bound {
  absl::int128 nanos;
  std::string literal;
  bool between;  // whether the bound is between two microseconds
};

Bound BoundOf(int64_t seconds, int32_t nanos) {
  Bound bound{absl::int128(seconds) * kNanosPerSecond + nanos, "", nanos % 1000 != 0};
  return bound;
}

Bound Read(const google::protobuf::Timestamp& time) {
  Bound bound = BoundOf(time.seconds(), time.nanos());
  std::string text;
  AppendTimestamp({time.seconds(), time.nanos()}, text);
  bound.literal = absl::StrCat("'", text, "'::timestamptz");
  return bound;
}

Bound Read(const google::protobuf::Duration& duration) {
  Bound bound = BoundOf(duration.seconds(), duration.nanos());
  int64_t seconds = duration.seconds();
  int32_t nanos = duration.nanos() - duration.nanos() % 1000;
  if (duration.nanos() < 0 && bound.between) nanos -= 1000;
  if (nanos == -kNanosPerSecond) {
    nanos = 0;
    --seconds;
  }
  std::string text;
  AppendInterval(seconds, nanos, text);
  bound.literal = absl::StrCat("'", text, "'::interval");
  return bound;
}

template <typename Rules>
void AddBounds(const Rules& rules, ColumnChecks& checks) {
  const Expression& c = checks.value();
  if (rules.has_const_()) checks.AddConst(Read(rules.const_()).literal);
  const bool lower = rules.has_gt() || rules.has_gte();
  const bool upper = rules.has_lt() || rules.has_lte();
  if (!lower && !upper) return;
  const Bound low = Read(rules.has_gt() ? rules.gt() : rules.gte());
  const Bound high = Read(rules.has_lt() ? rules.lt() : rules.lte());
  const Expression from = Concat(c, rules.has_gt() || low.between ? " > " : " >= ", low.literal);
  const Expression to = Concat(c, rules.has_lt() && !high.between ? " < " : " <= ", high.literal);
  checks.Add("range", !upper                   ? from
                      : !lower                 ? to
                      : low.nanos > high.nanos ? Concat(from, " OR ", to)
                                               : Concat(from, " AND ", to));
}

template <typename Values>
std::vector<std::string> Literals(const Values& values) {
  std::vector<std::string> out;
  for (const auto& value : values) out.push_back(Read(value).literal);
  return out;
}

}  // namespace

void AddTimeChecks(const buf::validate::FieldRules& rules, ColumnChecks& checks) {
  if (rules.has_duration()) {
    AddBounds(rules.duration(), checks);
    checks.AddIn(Literals(rules.duration().in()));
    checks.AddNotIn(Literals(rules.duration().not_in()));
    return;
  }
  AddBounds(rules.timestamp(), checks);
  if (rules.timestamp().has_lt_now() || rules.timestamp().has_gt_now() ||
      rules.timestamp().has_within()) {
    checks.ServerOnly("timestamp rules relative to now");
  }
}

}  // namespace dataservice::schema
