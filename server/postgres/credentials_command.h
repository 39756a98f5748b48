// A program that prints credentials.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dataservice {

// The words of a command line, as a POSIX shell would part them: quotes, ~ and $VARIABLE,
// no commands in it (wordexp). INVALID_ARGUMENT, without its text, if that fails.
absl::StatusOr<std::vector<std::string>> CommandWords(const std::string& command);

// Runs a program (found by PATH; no shell) and gives what it writes to standard output, at
// most kMaxCredentialsBytes. The beginning of what it writes to standard error goes to the
// log, its output never. After `limit` it is killed, with all that it started in its process group.
// UNAVAILABLE if it cannot be run, is killed, or ends with another status than 0. Blocks;
// may be called from any thread.
absl::StatusOr<std::string> RunCommand(const std::vector<std::string>& words, absl::Duration limit);

}  // namespace dataservice
