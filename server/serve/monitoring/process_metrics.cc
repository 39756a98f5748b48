#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "read_file.h"
#include "serve/monitoring/metrics.h"

// The files of /proc cannot be read while no file descriptor is free. What they have is left out
// then.

namespace dataservice {
namespace {

// The fields of /proc/self/stat after the name of the program (man proc), from the third one.
std::vector<std::string> StatFields() {
  const auto line = ReadFile("/proc/self/stat");
  const size_t name_end = line.ok() ? line->rfind(") ") : std::string::npos;
  if (name_end == std::string::npos) return {};
  return absl::StrSplit(line->substr(name_end + 2), ' ');
}

double FieldOf(const std::vector<std::string>& fields, size_t number) {
  double value = 0;
  if (number - 3 < fields.size()) (void)absl::SimpleAtod(fields[number - 3], &value);
  return value;
}

// Seconds since the epoch.
std::optional<double> BootTime() {
  const auto text = ReadFile("/proc/stat");
  if (!text.ok()) return std::nullopt;
  for (absl::string_view line : absl::StrSplit(*text, '\n')) {
    double value = 0;
    if (absl::ConsumePrefix(&line, "btime ") && absl::SimpleAtod(line, &value)) return value;
  }
  return std::nullopt;
}

std::optional<int> OpenFiles() {
  DIR* const folder = opendir("/proc/self/fd");
  if (folder == nullptr) return std::nullopt;
  int entries = 0;
  while (readdir(folder) != nullptr) ++entries;
  closedir(folder);
  return entries - 3;  // ".", ".." and the folder itself
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

void WriteProcess(PrometheusText& text) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  text.Counter("process_cpu_seconds_total", "CPU time of the process.",
               Seconds(usage.ru_utime) + Seconds(usage.ru_stime));
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  text.Gauge("process_max_fds", "The most file descriptors that may be open.",
             static_cast<double>(files.rlim_cur));
  if (const auto open = OpenFiles()) {
    text.Gauge("process_open_fds", "Open file descriptors.", *open);
  }
  const std::vector<std::string> fields = StatFields();
  if (fields.empty()) return;
  text.Gauge("process_resident_memory_bytes", "Memory of the process.",
             FieldOf(fields, 24) * static_cast<double>(sysconf(_SC_PAGESIZE)));
  text.Gauge("process_virtual_memory_bytes", "Address space of the process.", FieldOf(fields, 23));
  text.Gauge("process_threads", "Threads of the process.", FieldOf(fields, 20));
  if (const auto boot = BootTime()) {
    text.Gauge("process_start_time_seconds", "Start of the process, since the epoch.",
               *boot + FieldOf(fields, 22) / static_cast<double>(sysconf(_SC_CLK_TCK)));
  }
}

}  // namespace dataservice
