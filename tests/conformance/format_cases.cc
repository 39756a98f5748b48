#include "format_cases.h"

#include <functional>
#include <map>
#include <string>

#include "contract/rules/string_formats.h"

namespace dataservice::conformance {
namespace {

using buf::validate::conformance::harness::TestResult;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* Field(const Message& message, const char* name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

std::string Text(const Message& message) {
  return message.GetReflection()->GetString(message, Field(message, "val"));
}

bool Flag(const Message& message, const char* name) {
  return message.GetReflection()->GetBool(message, Field(message, name));
}

// Absent for a version of IP that does not exist.
std::optional<rules::IpVersion> Version(const Message& message) {
  const FieldDescriptor* field = Field(message, "version");
  if (!message.GetReflection()->HasField(message, field)) return rules::IpVersion::kAny;
  switch (message.GetReflection()->GetInt32(message, field)) {
    case 0:
      return rules::IpVersion::kAny;
    case 4:
      return rules::IpVersion::k4;
    case 6:
      return rules::IpVersion::k6;
    default:
      return std::nullopt;
  }
}

struct Format {
  const char* rule_id;
  std::function<bool(const Message&)> accepts;
};

const std::map<std::string, Format>& Formats() {
  static const auto* formats = new std::map<std::string, Format>{
      {"IsHostname",
       {"library.is_hostname", [](const Message& m) { return rules::IsHostname(Text(m)); }}},
      {"IsHostAndPort",
       {"library.is_host_and_port",
        [](const Message& m) { return rules::IsHostAndPort(Text(m), Flag(m, "port_required")); }}},
      {"IsIpPrefix",
       {"library.is_ip_prefix",
        [](const Message& m) {
          return Version(m) && rules::IsIpPrefix(Text(m), *Version(m), Flag(m, "strict"));
        }}},
      {"IsIp",
       {"library.is_ip",
        [](const Message& m) { return Version(m) && rules::IsIp(Text(m), *Version(m)); }}},
      {"IsEmail", {"library.is_email", [](const Message& m) { return rules::IsEmail(Text(m)); }}},
      {"IsUri", {"library.is_uri", [](const Message& m) { return rules::IsUri(Text(m)); }}},
      {"IsUriRef",
       {"library.is_uri_ref", [](const Message& m) { return rules::IsUriReference(Text(m)); }}},
  };
  return *formats;
}

}  // namespace

std::optional<TestResult> CheckFormat(const Message& message) {
  const auto* type = message.GetDescriptor();
  if (!type->file()->name().ends_with("/library.proto")) return std::nullopt;
  const auto format = Formats().find(type->name());
  if (format == Formats().end()) return std::nullopt;
  TestResult result;
  if (format->second.accepts(message)) {
    result.set_success(true);
  } else {
    result.mutable_validation_error()->add_violations()->set_rule_id(format->second.rule_id);
  }
  return result;
}

}  // namespace dataservice::conformance
