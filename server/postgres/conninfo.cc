#include "postgres/conninfo.h"

#include <libpq-fe.h>

#include <cstdlib>
#include <memory>

#include "absl/status/status.h"

namespace dataservice {
namespace {

// 'it''s' in libpq's own quoting: backslashes before quotes and backslashes.
std::string Quoted(const std::string& value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

}  // namespace

absl::StatusOr<ConnInfoParameters> ParseConnInfo(const std::string& conninfo) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(conninfo.c_str(), nullptr), PQconninfoFree);
  if (options == nullptr) {
    return absl::InvalidArgumentError(
        "--database is no libpq connection string or URI, such as "
        "postgresql://user@host:5432/name");
  }
  ConnInfoParameters out;
  for (const PQconninfoOption* o = options.get(); o->keyword != nullptr; ++o) {
    if (o->val != nullptr) out[o->keyword] = o->val;
  }
  return out;
}

bool NamesHost(const ConnInfoParameters& parameters) {
  return parameters.contains("host") || parameters.contains("hostaddr") ||
         parameters.contains("service");
}

void AddDefaults(const std::string& application_name, ConnInfoParameters& parameters) {
  parameters.insert({{"application_name", application_name},
                     {"client_encoding", "UTF8"},
                     {"connect_timeout", "3"},
                     {"keepalives_idle", "5"},
                     {"keepalives_interval", "2"},
                     {"keepalives_count", "3"},
                     {"tcp_user_timeout", "10000"}});
}

std::string FormatConnInfo(const ConnInfoParameters& parameters) {
  std::string out;
  for (const auto& [keyword, value] : parameters) out += keyword + "=" + Quoted(value) + " ";
  return out;
}

absl::StatusOr<std::string> CompleteConnInfo(const std::string& conninfo,
                                             const std::string& application_name) {
  auto parameters = ParseConnInfo(conninfo);
  if (!parameters.ok()) return parameters.status();
  AddDefaults(application_name, *parameters);
  return FormatConnInfo(*parameters);
}

void SetSessionEnvironment() {
  setenv("PGTZ", "UTC", 1);
  // As servers have it by default: a pooler that compares need not SET it.
  setenv("PGDATESTYLE", "ISO, MDY", 1);
}

}  // namespace dataservice
