#include "read_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace dataservice {
namespace {

absl::Status CannotRead(const std::string& path) {
  return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t max_bytes) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return CannotRead(path);
  const absl::Cleanup closing = [file] { close(file); };
  std::string content;
  std::array<char, 16 * 1024> part;
  while (true) {
    const ssize_t bytes = read(file, part.data(), part.size());
    if (bytes == 0) return content;
    if (bytes < 0) {
      if (errno == EINTR) continue;
      return CannotRead(path);
    }
    content.append(part.data(), static_cast<size_t>(bytes));
    if (content.size() > max_bytes) {
      return absl::InvalidArgumentError(absl::StrCat(path, " has more than ", max_bytes, " bytes"));
    }
  }
}

}  // namespace dataservice
