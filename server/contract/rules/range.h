// The rules lt, lte, gt and gte, which all ordered types share.
//
// A lower bound at or below the upper one makes an interval. As in protovalidate, a lower bound
// above the upper one makes a complement ("greater than 10 or less than 5").
#pragma once

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "contract/rules/program.h"
#include "contract/rules/rule_reader.h"

namespace dataservice::rules {

// How the values of one type are read, compared and written.
template <typename T>
struct Ordered {
  T (*read)(const Value&);
  std::string (*text)(const T&);
  T lowest;
  T highest;
};

template <typename T>
struct Bound {
  T limit;
  bool inclusive;
  std::string rule;  // "gt", "gte", "lt" or "lte"
};

template <typename T>
std::optional<Bound<T>> TakeBound(RuleReader& reader, const Ordered<T>& type,
                                  const std::string& strict, const std::string& inclusive) {
  if (const auto value = reader.Take(strict)) return Bound<T>{type.read(*value), false, strict};
  if (const auto value = reader.Take(inclusive)) {
    return Bound<T>{type.read(*value), true, inclusive};
  }
  return std::nullopt;
}

template <typename T>
bool IsAbove(const std::optional<Bound<T>>& lower, const T& value) {
  if (!lower) return true;
  return lower->inclusive ? value >= lower->limit : value > lower->limit;
}

template <typename T>
bool IsBelow(const std::optional<Bound<T>>& upper, const T& value) {
  if (!upper) return true;
  return upper->inclusive ? value <= upper->limit : value < upper->limit;
}

// Whether a value between the bounds exists. The bounds make an interval.
template <typename T>
bool HasValues(const std::optional<Bound<T>>& lower, const std::optional<Bound<T>>& upper,
               const Ordered<T>& type) {
  if (!IsAbove(lower, type.highest) || !IsBelow(upper, type.lowest)) return false;
  if (!lower || !upper) return true;
  if (lower->limit == upper->limit) return lower->inclusive && upper->inclusive;
  if constexpr (std::is_floating_point_v<T>) return true;
  // Integers strictly between two neighbours.
  return lower->inclusive || upper->inclusive || lower->limit + T{1} != upper->limit;
}

template <typename T>
void CompileRange(RuleReader& reader, const Ordered<T>& type, std::vector<Check>* checks) {
  auto lower = TakeBound<T>(reader, type, "gt", "gte");
  auto upper = TakeBound<T>(reader, type, "lt", "lte");
  if (!lower && !upper) return;
  for (const auto& bound : {lower, upper}) {
    if (bound && bound->limit != bound->limit) {
      return reader.RefuseUnsatisfiable(bound->rule, "the bound is not a number");
    }
  }
  const std::string& rule = lower ? lower->rule : upper->rule;
  const bool outside = lower && upper && upper->limit < lower->limit;
  const std::optional<Bound<T>> none;
  const bool satisfiable = outside ? HasValues(lower, none, type) || HasValues(none, upper, type)
                                   : HasValues(lower, upper, type);
  if (!satisfiable) return reader.RefuseUnsatisfiable(rule, "the bounds leave no value");

  std::string description = "must be ";
  std::string suffix;
  if (lower) {
    description += std::string("greater than ") + (lower->inclusive ? "or equal to " : "") +
                   type.text(lower->limit);
  }
  if (lower && upper) {
    description += outside ? " or " : " and ";
    suffix = "_" + upper->rule + (outside ? "_exclusive" : "");
  }
  if (upper) {
    description += std::string("less than ") + (upper->inclusive ? "or equal to " : "") +
                   type.text(upper->limit);
  }
  Verdict broken = reader.Say(rule, std::move(description), suffix);
  // NaN is neither above nor below anything, so it breaks every range.
  checks->push_back({[read = type.read, lower, upper, outside](const Value& value) {
                       const T number = read(value);
                       const bool above = IsAbove(lower, number);
                       const bool below = IsBelow(upper, number);
                       return outside ? above || below : above && below;
                     },
                     std::move(broken)});
}

}  // namespace dataservice::rules
