#include "postgres/credentials.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <cmath>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace dataservice {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

absl::Status Refused(std::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("credentials are no JSON object of a database secret: ",
                   absl::string_view(what.data(), what.size())));
}

bool IsPort(double number) {
  return number >= 1 && number <= 65535 && number == std::floor(number);
}

// The member as text; empty where there is none. A number is a port's.
absl::StatusOr<std::string> Text(const Struct& object, const std::string& name) {
  const auto found = object.fields().find(name);
  if (found == object.fields().end()) return "";
  const Value& value = found->second;
  switch (value.kind_case()) {
    case Value::kStringValue:
      // libpq would end the value there.
      if (value.string_value().find('\0') != std::string::npos) break;
      return value.string_value();
    case Value::kNumberValue:
      if (name == "port" && IsPort(value.number_value())) {
        return absl::StrCat(static_cast<int>(value.number_value()));
      }
      break;
    case Value::kNullValue:
      return "";
    default:
      break;
  }
  return Refused("\"" + name + "\" is of the wrong kind");
}

}  // namespace

absl::StatusOr<Credentials> ParseCredentials(std::string_view json) {
  Struct object;
  // The parser's own message would quote the text.
  if (!google::protobuf::util::JsonStringToMessage(std::string(json), &object).ok()) {
    return Refused("it cannot be read");
  }
  Credentials out;
  std::string expires_at;
  const std::pair<const char*, std::string*> members[] = {
      {"username", &out.username}, {"password", &out.password}, {"host", &out.host},
      {"port", &out.port},         {"dbname", &out.dbname},     {"expires_at", &expires_at}};
  for (const auto& [name, member] : members) {
    auto text = Text(object, name);
    if (!text.ok()) return text.status();
    *member = *std::move(text);
  }
  if (out.username.empty() || out.password.empty()) {
    return Refused("\"username\" and \"password\" are required");
  }
  std::string error;
  if (!expires_at.empty() &&
      !absl::ParseTime(absl::RFC3339_full, expires_at, &out.expires_at, &error)) {
    return Refused("\"expires_at\" is no time of RFC 3339");
  }
  return out;
}

}  // namespace dataservice
