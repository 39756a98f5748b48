#include "contract/rules/refusals.h"

#include <algorithm>

#include "absl/strings/str_join.h"

namespace dataservice::rules {

void Refusals::Add(std::string_view subject, std::string_view option, std::string_view problem,
                   std::string_view remedy) {
  std::string line(subject);
  line.append(": option ").append(option).append(": ").append(problem).append("; ").append(remedy);
  // A type is compiled once for each scope, so the same option may be rejected again.
  if (std::find(lines_.begin(), lines_.end(), line) == lines_.end()) {
    lines_.push_back(std::move(line));
  }
}

absl::Status Refusals::ToStatus() const {
  if (lines_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(lines_, "\n"));
}

}  // namespace dataservice::rules
