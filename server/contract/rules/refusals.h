// What Compile refuses, collected so that a contract's author sees all of it at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace dataservice::rules {

class Refusals {
 public:
  // `subject` is "file.proto: package.Message.field", `option` what stands there,
  // `remedy` what to do instead.
  void Add(std::string_view subject, std::string_view option, std::string_view problem,
           std::string_view remedy);

  // INVALID_ARGUMENT with a line for each refusal; OK without any.
  absl::Status ToStatus() const;

 private:
  std::vector<std::string> lines_;
};

}  // namespace dataservice::rules
