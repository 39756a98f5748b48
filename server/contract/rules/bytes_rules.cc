// Rules of bytes.
#include "contract/rules/pattern.h"
#include "contract/rules/rule_families.h"
#include "contract/rules/rule_text.h"
#include "contract/rules/set_rules.h"
#include "contract/rules/text_length.h"
#include "contract/rules/utf8.h"

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

// A pattern needs text: bytes that are not UTF-8 break it, with a description of their own.
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
  CompileSets(reader,
              Members<std::string, std::string_view>{
                  [](const Value& v) { return v.text; },
                  [](const std::string& value) { return BytesText(value); },
                  [](const std::string& value) { return "must be " + Hex(value); }},
              checks);
  reader.TakeList("example");
}

}  // namespace dataservice::rules
