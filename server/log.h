// Structured logs: one JSON object a line on standard error.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace dataservice {

using LogField = std::pair<std::string_view, std::string_view>;

// Thread-safe. `event` is a constant, "database_lost"; fields say the rest.
// Values of requests and credentials never go to the log.
void LogInfo(std::string_view event, std::initializer_list<LogField> fields = {});
void LogWarning(std::string_view event, std::initializer_list<LogField> fields = {});
void LogError(std::string_view event, std::initializer_list<LogField> fields = {});

// A line whose fields are not all texts.
class LogLine {
 public:
  explicit LogLine(std::string_view event);

  LogLine& Add(std::string_view name, std::string_view value);
  LogLine& Add(std::string_view name, int64_t value);
  // With three decimals.
  LogLine& Add(std::string_view name, double value);

  void Info() const;
  void Warning() const;

 private:
  std::string line_;
};

// A short random id that ties an answer to a line of the log.
std::string NewLogId();

}  // namespace dataservice
