// How the programs end with an error.
#pragma once

#include <cstdio>
#include <string>

#include "absl/status/status.h"

namespace dataservice {

// Prints the message to standard error. Returns 1, the exit code of a failure.
inline int Fail(const absl::Status& status) {
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return 1;
}

}  // namespace dataservice
