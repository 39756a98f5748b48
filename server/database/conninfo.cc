#include "database/conninfo.h"

#include <libpq-fe.h>

#include <cstdlib>
#include <map>
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

absl::StatusOr<std::string> CompleteConnInfo(const std::string& conninfo,
                                             const std::string& application_name) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(conninfo.c_str(), nullptr), PQconninfoFree);
  if (options == nullptr) {
    return absl::InvalidArgumentError(
        "--database is no libpq connection string or URI, such as "
        "postgresql://user@host:5432/name");
  }
  std::map<std::string, std::string> all = {{"application_name", application_name},
                                            {"client_encoding", "UTF8"},
                                            {"connect_timeout", "3"},
                                            {"keepalives_idle", "5"},
                                            {"keepalives_interval", "2"},
                                            {"keepalives_count", "3"}};
  for (const PQconninfoOption* o = options.get(); o->keyword != nullptr; ++o) {
    if (o->val != nullptr) all[o->keyword] = o->val;
  }
  std::string out;
  for (const auto& [keyword, value] : all) out += keyword + "=" + Quoted(value) + " ";
  return out;
}

void SetSessionEnvironment() {
  setenv("PGTZ", "UTC", 1);
  // As servers have it by default: a pooler that compares need not SET it.
  setenv("PGDATESTYLE", "ISO, MDY", 1);
}

}  // namespace dataservice
