#include "schema/model/defaults.h"

#include "absl/strings/match.h"

namespace dataservice::schema {

bool SameDefault(const std::string& wanted, const std::string& actual) {
  const auto bare = [](const std::string& text) {
    std::string out = text.substr(0, text.find("::"));
    if (absl::StartsWith(out, "'\\x'")) out = "''";
    return out;
  };
  return bare(wanted) == bare(actual);
}

std::string StableDefault(const std::string& value) {
  return value == "clock_timestamp()" ? "now()" : value;
}

}  // namespace dataservice::schema
