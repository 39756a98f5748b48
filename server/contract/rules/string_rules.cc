// Rules of strings.
#include "contract/rules/pattern.h"
#include "contract/rules/rule_families.h"
#include "contract/rules/set_rules.h"
#include "contract/rules/string_formats.h"
#include "contract/rules/text_length.h"

namespace dataservice::rules {
namespace {

using Predicate = bool (*)(std::string_view);

struct Format {
  const char* rule;
  const char* description;
  // "value is empty, which is not ..."; null if the description also suits the empty text.
  const char* empty;
  Predicate accepts;
  // The length of every text of the format, in characters and in bytes; 0 if it varies.
  size_t length = 0;
};

constexpr Format kFormats[] = {
    {"email", "must be a valid email address", "a valid email address", IsEmail},
    {"hostname", "must be a valid hostname", "a valid hostname", IsHostname},
    {"ip", "must be a valid IP address", "a valid IP address",
     [](std::string_view text) { return IsIp(text, IpVersion::kAny); }},
    {"ipv4", "must be a valid IPv4 address", "a valid IPv4 address",
     [](std::string_view text) { return IsIp(text, IpVersion::k4); }},
    {"ipv6", "must be a valid IPv6 address", "a valid IPv6 address",
     [](std::string_view text) { return IsIp(text, IpVersion::k6); }},
    {"uri", "must be a valid URI", "a valid URI", IsUri},
    {"uri_ref", "must be a valid URI Reference", nullptr, IsUriReference},
    {"address", "must be a valid hostname, or ip address", "a valid hostname, or ip address",
     [](std::string_view text) { return IsHostname(text) || IsIp(text, IpVersion::kAny); }},
    {"uuid", "must be a valid UUID", "a valid UUID", IsUuid, 36},
    {"tuuid", "must be a valid trimmed UUID", "a valid trimmed UUID", IsTrimmedUuid, 32},
    {"ip_with_prefixlen", "must be a valid IP prefix", "a valid IP prefix",
     [](std::string_view text) { return IsIpPrefix(text, IpVersion::kAny, false); }},
    {"ipv4_with_prefixlen", "must be a valid IPv4 address with prefix length",
     "a valid IPv4 address with prefix length",
     [](std::string_view text) { return IsIpPrefix(text, IpVersion::k4, false); }},
    {"ipv6_with_prefixlen", "must be a valid IPv6 address with prefix length",
     "a valid IPv6 address with prefix length",
     [](std::string_view text) { return IsIpPrefix(text, IpVersion::k6, false); }},
    {"ip_prefix", "must be a valid IP prefix", "a valid IP prefix",
     [](std::string_view text) { return IsIpPrefix(text, IpVersion::kAny, true); }},
    {"ipv4_prefix", "must be a valid IPv4 prefix", "a valid IPv4 prefix",
     [](std::string_view text) { return IsIpPrefix(text, IpVersion::k4, true); }},
    {"ipv6_prefix", "must be a valid IPv6 prefix", "a valid IPv6 prefix",
     [](std::string_view text) { return IsIpPrefix(text, IpVersion::k6, true); }},
    {"host_and_port", "must be a valid host (hostname or IP address) and port pair",
     "a valid host and port pair", [](std::string_view text) { return IsHostAndPort(text, true); }},
    {"ulid", "must be a valid ULID", "a valid ULID", IsUlid, 26},
    {"protobuf_fqn", "must be a valid fully-qualified Protobuf name",
     "a valid fully-qualified Protobuf name",
     [](std::string_view text) { return IsProtobufName(text, false); }},
    {"protobuf_dot_fqn", "must be a valid fully-qualified Protobuf name with a leading dot",
     "a valid fully-qualified Protobuf name with a leading dot",
     [](std::string_view text) { return IsProtobufName(text, true); }},
};

void AddFormat(RuleReader& reader, const std::string& rule, const Format& format,
               const std::string& suffix, std::vector<Check>* checks) {
  checks->push_back(
      {[accepts = format.accepts, has_words = format.empty != nullptr](const Value& v) {
         return (has_words && v.text.empty()) || accepts(v.text);
       },
       reader.Say(rule, format.description, suffix)});
  if (format.empty == nullptr) return;
  checks->push_back({[](const Value& v) { return !v.text.empty(); },
                     reader.Say(rule, std::string("value is empty, which is not ") + format.empty,
                                suffix + "_empty")});
}

void CompileHeaders(RuleReader& reader, std::vector<Check>* checks) {
  const auto strict_rule = reader.Take("strict");
  const bool strict = !strict_rule || strict_rule->i != 0;
  const auto regex = reader.Take("well_known_regex");
  if (!regex || regex->i == 0) return;
  if (regex->i == 1) {
    const Predicate accepts = strict
                                  ? [](std::string_view text) { return IsHeaderName(text, true); }
                                  : [](std::string_view text) { return IsHeaderName(text, false); };
    AddFormat(reader, "well_known_regex",
              {"", "must be a valid HTTP header name", "a valid HTTP header name", accepts},
              ".header_name", checks);
  } else if (regex->i == 2) {
    const Predicate accepts =
        strict ? [](std::string_view text) { return IsHeaderValue(text, true); }
               : [](std::string_view text) { return IsHeaderValue(text, false); };
    AddFormat(reader, "well_known_regex",
              {"", "must be a valid HTTP header value", nullptr, accepts}, ".header_value", checks);
  } else {
    reader.Refuse("well_known_regex", "this server does not know the expression",
                  "write it as a pattern");
  }
}

void CompileParts(RuleReader& reader, TextLength* length, std::vector<Check>* checks) {
  if (const auto rule = reader.Take("prefix")) {
    const std::string part(rule->text);
    length->AtLeast(reader, "prefix", part);
    checks->push_back({[part](const Value& v) { return v.text.starts_with(part); },
                       reader.Say("prefix", "does not have prefix `" + part + "`")});
  }
  if (const auto rule = reader.Take("suffix")) {
    const std::string part(rule->text);
    length->AtLeast(reader, "suffix", part);
    checks->push_back({[part](const Value& v) { return v.text.ends_with(part); },
                       reader.Say("suffix", "does not have suffix `" + part + "`")});
  }
  const auto contains = reader.Take("contains");
  if (contains) {
    const std::string part(contains->text);
    length->AtLeast(reader, "contains", part);
    checks->push_back(
        {[part](const Value& v) { return v.text.find(part) != std::string_view::npos; },
         reader.Say("contains", "does not contain substring `" + part + "`")});
  }
  if (const auto rule = reader.Take("not_contains")) {
    const std::string part(rule->text);
    if (part.empty()) reader.RefuseUnsatisfiable("not_contains", "every text contains \"\"");
    if (contains && contains->text.find(part) != std::string_view::npos) {
      reader.RefuseUnsatisfiable("not_contains", "`contains` contains it");
    }
    checks->push_back(
        {[part](const Value& v) { return v.text.find(part) == std::string_view::npos; },
         reader.Say("not_contains", "contains substring `" + part + "`")});
  }
}

}  // namespace

void CompileStringRules(RuleReader& reader, std::vector<Check>* checks) {
  TextLength length;
  length.CompileCharacters(reader, checks);
  length.CompileBytes(reader, checks, "len_bytes", "min_bytes", "max_bytes");
  for (const Format& format : kFormats) {
    if (!reader.TakeFlag(format.rule)) continue;
    if (format.length != 0) length.Exactly(reader, format.rule, format.length);
    AddFormat(reader, format.rule, format, "", checks);
  }
  CompileHeaders(reader, checks);
  if (const auto rule = reader.Take("pattern")) {
    if (const auto pattern = CompilePattern(reader, rule->text)) {
      checks->push_back({[pattern](const Value& v) { return Matches(*pattern, v.text); },
                         reader.Say("pattern", "does not match regex pattern `" +
                                                   std::string(rule->text) + "`")});
    }
  }
  CompileParts(reader, &length, checks);
  CompileSets(
      reader,
      Members<std::string, std::string_view>{
          [](const Value& v) { return v.text; }, [](const std::string& value) { return value; },
          [](const std::string& value) { return "must equal `" + value + "`"; }},
      checks);
  reader.TakeList("example");
}

}  // namespace dataservice::rules
