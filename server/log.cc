#include "log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <random>

#include "absl/strings/str_format.h"
#include "json_string.h"

namespace dataservice {
namespace {

spdlog::logger& Logger() {
  static const auto logger = [] {
    auto made = spdlog::stderr_logger_mt("dataservice");
    made->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})",
                      spdlog::pattern_time_type::utc);
    return made;
  }();
  return *logger;
}

std::string Begin(std::string_view event) {
  std::string line = "\"event\":";
  AppendJsonString(event, line);
  return line;
}

void AppendName(std::string_view name, std::string& line) {
  line += ',';
  AppendJsonString(name, line);
  line += ':';
}

void Log(spdlog::level::level_enum level, std::string_view event,
         std::initializer_list<LogField> fields) {
  if (!Logger().should_log(level)) return;
  std::string line = Begin(event);
  for (const auto& [name, value] : fields) {
    AppendName(name, line);
    AppendJsonString(value, line);
  }
  Logger().log(level, "{}", line);
}

}  // namespace

void LogInfo(std::string_view event, std::initializer_list<LogField> fields) {
  Log(spdlog::level::info, event, fields);
}

void LogWarning(std::string_view event, std::initializer_list<LogField> fields) {
  Log(spdlog::level::warn, event, fields);
}

void LogError(std::string_view event, std::initializer_list<LogField> fields) {
  Log(spdlog::level::err, event, fields);
}

LogLine::LogLine(std::string_view event) : line_(Begin(event)) {}

LogLine& LogLine::Add(std::string_view name, std::string_view value) {
  AppendName(name, line_);
  AppendJsonString(value, line_);
  return *this;
}

LogLine& LogLine::Add(std::string_view name, int64_t value) {
  AppendName(name, line_);
  line_ += std::to_string(value);
  return *this;
}

LogLine& LogLine::Add(std::string_view name, double value) {
  AppendName(name, line_);
  line_ += absl::StrFormat("%.3f", value);
  return *this;
}

void LogLine::Info() const { Logger().log(spdlog::level::info, "{}", line_); }

void LogLine::Warning() const { Logger().log(spdlog::level::warn, "{}", line_); }

std::string NewLogId() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return absl::StrFormat("%016x", random());
}

}  // namespace dataservice
