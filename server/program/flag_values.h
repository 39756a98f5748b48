// The values of a program's options, to be shown.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>

namespace dataservice {

struct FlagValue {
  std::string text;  // without a secret
  bool is_default = true;
};

// By name, without dashes.
using FlagValues = std::map<std::string, FlagValue>;

// Notes the values that app.parse() will read, of all options that it has now. `values` outlives
// the parsing.
void NoteValues(CLI::App& app, FlagValues& values);

// A line for each option: "--name=value", as a comment if it has its default.
std::string PrintedValues(const FlagValues& values);

}  // namespace dataservice
