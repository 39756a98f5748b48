#include "program/flag_values.h"

#include "absl/strings/str_cat.h"
#include "postgres/conninfo.h"

namespace dataservice {
namespace {

constexpr char kHidden[] = "(hidden)";

std::string WithoutPassword(const std::string& conninfo) {
  auto parameters = ParseConnInfo(conninfo);
  if (!parameters.ok()) return kHidden;
  for (const char* secret : {"password", "sslpassword"}) {
    if (parameters->contains(secret)) (*parameters)[secret] = kHidden;
  }
  return FormatConnInfo(*parameters);
}

// What may be shown of an option's value.
std::string Shown(const std::string& name, const std::string& value) {
  if (name == "database" || name == "reader_database") return WithoutPassword(value);
  if (name == "database_secret" && !value.starts_with('@')) return kHidden;
  // Its arguments may be secrets.
  if (name == "credentials_command") return value.substr(0, value.find(' '));
  return value;
}

}  // namespace

void NoteValues(CLI::App& app, FlagValues& values) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty() || !option->get_configurable()) continue;
    const std::string name = option->get_lnames().front();
    values[name] = {.text = option->get_default_str()};
    // Is called first, before the value is replaced by that of an enum.
    option->transform([&values, name](const std::string& value) {
      FlagValue& known = values[name];
      const std::string before = known.is_default ? "" : known.text + ",";
      known = {.text = before + Shown(name, value), .is_default = false};
      return value;
    });
  }
}

std::string PrintedValues(const FlagValues& values) {
  std::string lines;
  for (const auto& [name, value] : values) {
    absl::StrAppend(&lines, value.is_default ? "# " : "", "--", name, "=", value.text, "\n");
  }
  return lines;
}

}  // namespace dataservice
