#include "serve/rpc/grpc_log.h"

#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "log.h"

namespace dataservice {
namespace {

constexpr absl::Duration kPause = absl::Seconds(1);
constexpr size_t kMaxText = 300;

// The path inside gRPC's source, without where it was built.
std::string_view SourcePath(std::string_view file) {
  const size_t source = file.rfind("/src/");
  return source == std::string_view::npos ? file : file.substr(source + 1);
}

// iomgr knows sockets and threads, not calls. Below errors, tracing prints what they carry.
bool IsAboutTheSystem(const gpr_log_func_args& message) {
  return message.severity == GPR_LOG_SEVERITY_ERROR &&
         std::string_view(message.file).find("/iomgr/") != std::string_view::npos;
}

void Log(gpr_log_func_args* message) {
  static GrpcLog& log = *new GrpcLog;  // gRPC's threads may outlive main
  const auto line = log.Take(*message, absl::Now());
  if (!line) return;
  const std::string count = absl::StrCat(line->count);
  if (message->severity == GPR_LOG_SEVERITY_ERROR) {
    LogError("grpc", {{"place", line->place}, {"count", count}, {"error", line->text}});
  } else {
    LogInfo("grpc", {{"place", line->place}, {"count", count}, {"error", line->text}});
  }
}

}  // namespace

void GrpcLog::Install() { gpr_set_log_function(Log); }

std::optional<GrpcLog::Line> GrpcLog::Take(const gpr_log_func_args& message, absl::Time now) {
  Line line{.place = absl::StrCat(std::string(SourcePath(message.file)), ":", message.line)};
  {
    absl::MutexLock lock(&mutex_);
    Place& place = places_[line.place];
    ++place.count;
    if (now < place.next) return std::nullopt;
    place.next = now + kPause;
    line.count = std::exchange(place.count, 0);
  }
  if (IsAboutTheSystem(message)) line.text = std::string(message.message).substr(0, kMaxText);
  return line;
}

}  // namespace dataservice
