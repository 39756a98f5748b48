// What a case calls and what it must be answered.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct Request {
  // Of RequestHeaders() and PrefixedMessage(); valid as long as the workload.
  std::string_view headers;
  std::string_view message;
  // For Check().
  uint32_t key = 0;
  uint8_t kind = 0;
};

struct WorkloadSettings {
  std::string name;
  std::string authority;
  std::string token;  // of the caller; empty: none
  std::string keys_file;
  int page_size = 50;
  // For list: a file with a token in each line; empty for the first page.
  std::string page_tokens_file;
};

// Built before the clock runs. Belongs to one thread.
class Workload {
 public:
  virtual ~Workload() = default;
  virtual Request Next() = 0;
  // Whether `message` answers `request`.
  virtual bool Check(const Request& request, std::string_view message) const = 0;
};

// Throws std::runtime_error for an unknown name or an unreadable file.
std::unique_ptr<Workload> MakeWorkload(const WorkloadSettings& settings);

}  // namespace bench
