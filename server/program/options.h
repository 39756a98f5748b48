// What the options of every program have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace dataservice {

// Adds an option whose value is a duration from `least` to `most`, written as Go's
// time.ParseDuration reads it: "500ms", "20s", "1h30m". A number without a unit is
// refused, except 0. `Duration` is a std::chrono duration; what it cannot hold
// exactly is refused.
template <typename Duration>
CLI::Option* AddDuration(CLI::App& app, const std::string& name, Duration& value,
                         const std::string& text, absl::Duration least, absl::Duration most) {
  const auto parse = [name, &value, least, most](const std::string& input) {
    absl::Duration duration;
    if (!absl::ParseDuration(input, &duration)) {
      throw CLI::ValidationError(
          name, absl::StrCat("\"", input, "\" is not a duration such as 500ms or 20s"));
    }
    if (duration < least || duration > most) {
      throw CLI::ValidationError(name, absl::StrCat("must be from ", absl::FormatDuration(least),
                                                    " to ", absl::FormatDuration(most)));
    }
    const auto exact = absl::FromChrono(Duration(1));
    if (duration % exact != absl::ZeroDuration()) {
      throw CLI::ValidationError(
          name, absl::StrCat("must be a multiple of ", absl::FormatDuration(exact)));
    }
    value = Duration(duration / exact);
  };
  return app.add_option_function<std::string>(name, parse, text)
      ->type_name("DURATION")
      ->default_str(absl::FormatDuration(absl::FromChrono(value)));
}

// Gives each option that has a long name the environment variable of that name in
// capitals: --drain_timeout is also read from DRAIN_TIMEOUT. The command line has
// precedence. An option that is not configurable() has none: it says what one run
// may do, and a variable would go on saying it in the next.
inline void ReadEnvironment(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty() || !option->get_configurable()) continue;
    option->envname(absl::AsciiStrToUpper(option->get_lnames().front()));
  }
}

}  // namespace dataservice
