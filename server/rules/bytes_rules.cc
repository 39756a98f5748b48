// Rules of bytes.
#include <algorithm>

#include "rules/pattern.h"
#include "rules/rule_families.h"
#include "rules/rule_text.h"
#include "rules/text_length.h"
#include "rules/utf8.h"

namespace dataservice::rules {
namespace {

struct Format {
  const char* rule;
  const char* description;  // "must be ...", "value is empty, which is not ..."
  size_t lengths[2];
};

constexpr Format kFormats[] = {
    {"ip", "a valid IP address", {4, 16}},
    {"ipv4", "a valid IPv4 address", {4, 4}},
    {"ipv6", "a valid IPv6 address", {16, 16}},
    {"uuid", "a valid UUID", {16, 16}},
};

std::vector<std::string> ReadAll(const std::vector<Value>& values) {
  std::vector<std::string> items;
  for (const Value& value : values) items.emplace_back(value.text);
  return items;
}

std::string TextOfAll(const std::vector<std::string>& values) {
  std::vector<std::string> items;
  for (const std::string& value : values) items.push_back(BytesText(value));
  return ListText(items);
}

bool Contains(const std::vector<std::string>& items, std::string_view item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

void CompileFormats(RuleReader& reader, std::vector<Check>* checks) {
  for (const Format& format : kFormats) {
    if (!reader.TakeFlag(format.rule)) continue;
    checks->push_back({[a = format.lengths[0], b = format.lengths[1]](const Value& v) {
                         return v.text.empty() || v.text.size() == a || v.text.size() == b;
                       },
                       reader.Say(format.rule, std::string("must be ") + format.description)});
    checks->push_back(
        {[](const Value& v) { return !v.text.empty(); },
         reader.Say(format.rule, std::string("value is empty, which is not ") + format.description,
                    "_empty")});
  }
}

// A pattern is about text: bytes that are not UTF-8 break it, in words of their own.
void CompilePatternRule(RuleReader& reader, std::vector<Check>* checks) {
  const auto rule = reader.Take("pattern");
  if (!rule) return;
  const auto pattern = CompilePattern(reader, rule->text);
  if (pattern == nullptr) return;
  checks->push_back({[](const Value& v) { return IsUtf8(v.text); },
                     reader.Say("pattern", "must be valid UTF-8 to be matched", "_utf8")});
  checks->push_back(
      {[pattern](const Value& v) { return !IsUtf8(v.text) || Matches(*pattern, v.text); },
       reader.Say("pattern", "must match regex pattern `" + std::string(rule->text) + "`")});
}

}  // namespace

void CompileBytesRules(RuleReader& reader, std::vector<Check>* checks) {
  TextLength length;
  length.CompileBytes(reader, checks, "len", "min_len", "max_len");
  CompileFormats(reader, checks);
  CompilePatternRule(reader, checks);
  if (const auto rule = reader.Take("prefix")) {
    const std::string part(rule->text);
    length.AtLeast(reader, "prefix", part);
    checks->push_back({[part](const Value& v) { return v.text.starts_with(part); },
                       reader.Say("prefix", "does not have prefix " + Hex(part))});
  }
  if (const auto rule = reader.Take("suffix")) {
    const std::string part(rule->text);
    length.AtLeast(reader, "suffix", part);
    checks->push_back({[part](const Value& v) { return v.text.ends_with(part); },
                       reader.Say("suffix", "does not have suffix " + Hex(part))});
  }
  if (const auto rule = reader.Take("contains")) {
    const std::string part(rule->text);
    length.AtLeast(reader, "contains", part);
    checks->push_back(
        {[part](const Value& v) { return v.text.find(part) != std::string_view::npos; },
         reader.Say("contains", "does not contain " + Hex(part))});
  }
  if (const auto refused = ReadAll(reader.TakeList("not_in")); !refused.empty()) {
    checks->push_back({[refused](const Value& v) { return !Contains(refused, v.text); },
                       reader.Say("not_in", "must not be in list " + TextOfAll(refused))});
  }
  if (const std::vector<Value> in = reader.TakeList("in"); !in.empty()) {
    reader.RequireOneOf("in", in, *checks);
    const std::vector<std::string> allowed = ReadAll(in);
    checks->push_back({[allowed](const Value& v) { return Contains(allowed, v.text); },
                       reader.Say("in", "must be in list " + TextOfAll(allowed))});
  }
  if (const auto rule = reader.Take("const")) {
    reader.RequireOneOf("const", {*rule}, *checks);
    const std::string only(rule->text);
    checks->push_back({[only](const Value& v) { return v.text == only; },
                       reader.Say("const", "must be " + Hex(only))});
  }
  reader.TakeList("example");
}

}  // namespace dataservice::rules
