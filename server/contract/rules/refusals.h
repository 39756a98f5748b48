// Collects the options that Validator::Compile() rejects, so that the author of a contract sees all
// of them at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace dataservice::rules {

class Refusals {
 public:
  // `subject` is "file.proto: package.Message.field", `option` the option of it, `remedy` the
  // change that the author should make.
  void Add(std::string_view subject, std::string_view option, std::string_view problem,
           std::string_view remedy);

  // Returns INVALID_ARGUMENT with a line for each rejected option; OK if there is none.
  absl::Status ToStatus() const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace dataservice::rules
