// The rules const, in and not_in, which most types share.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "contract/rules/program.h"
#include "contract/rules/rule_reader.h"
#include "contract/rules/rule_text.h"

namespace dataservice::rules {

// How the values of one type are read and written. Values are compared as a View, without a copy;
// a rule stores them as Stored.
template <typename Stored, typename View = Stored>
struct Members {
  View (*read)(const Value&);
  // In a list: "must be in list [a, b]".
  std::string (*text)(const Stored&);
  // Of const: "must equal a".
  std::string (*equals)(const Stored&);
};

template <typename Stored, typename View>
std::vector<Stored> ReadAll(const std::vector<Value>& values, View (*read)(const Value&)) {
  std::vector<Stored> result;
  result.reserve(values.size());
  for (const Value& value : values) result.emplace_back(read(value));
  return result;
}

template <typename Stored>
std::string TextOfAll(const std::vector<Stored>& values, std::string (*text)(const Stored&)) {
  std::vector<std::string> items;
  items.reserve(values.size());
  for (const Stored& value : values) items.push_back(text(value));
  return ListText(items);
}

template <typename Stored, typename View>
bool Contains(const std::vector<Stored>& values, const View& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// Call it after the other checks of the type are in `checks`, which the values of in and const must
// pass.
template <typename Stored, typename View>
void CompileSets(RuleReader& reader, const Members<Stored, View>& type,
                 std::vector<Check>* checks) {
  if (const std::vector<Value> values = reader.TakeList("not_in"); !values.empty()) {
    const auto refused = ReadAll<Stored, View>(values, type.read);
    checks->push_back(
        {[read = type.read, refused](const Value& v) { return !Contains(refused, read(v)); },
         reader.Say("not_in", "must not be in list " + TextOfAll(refused, type.text))});
  }
  if (const std::vector<Value> values = reader.TakeList("in"); !values.empty()) {
    reader.RequireOneOf("in", values, *checks);
    const auto allowed = ReadAll<Stored, View>(values, type.read);
    checks->push_back(
        {[read = type.read, allowed](const Value& v) { return Contains(allowed, read(v)); },
         reader.Say("in", "must be in list " + TextOfAll(allowed, type.text))});
  }
  if (const auto value = reader.Take("const")) {
    const Stored only(type.read(*value));
    checks->push_back({[read = type.read, only](const Value& v) { return read(v) == only; },
                       reader.Say("const", type.equals(only))});
    reader.RequireOneOf("const", {*value}, *checks);  // NaN does not even equal itself
  }
}

}  // namespace dataservice::rules
