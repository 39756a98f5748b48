#include "serve/audit/audit_log.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "json_string.h"
#include "serve/errors/details.h"
#include "view.h"

namespace dataservice {
namespace {

void AppendText(std::string_view name, std::string_view value, std::string& line) {
  if (value.empty()) return;
  absl::StrAppend(&line, line.size() > 1 ? ",\"" : "\"", View(name), "\":");
  AppendJsonString(value, line);
}

void AppendNumber(std::string_view name, int64_t value, std::string& line) {
  absl::StrAppend(&line, ",\"", View(name), "\":", value);
}

void AppendKeys(const std::vector<std::string_view>& keys, std::string& line) {
  if (keys.empty()) return;
  line += ",\"keys\":[";
  for (const std::string_view key : keys) {
    if (line.back() != '[') line += ',';
    AppendJsonString(key, line);
  }
  line += ']';
}

}  // namespace

std::optional<AuditKind> AuditKindOf(bool can_write, const absl::Status& status) {
  if (absl::IsPermissionDenied(status) || absl::IsUnauthenticated(status)) {
    return AuditKind::kDenied;
  }
  if (can_write) return AuditKind::kWrite;
  return std::nullopt;
}

std::string AuditLine(const AuditRecord& record) {
  std::string line = "{";
  AppendText("time", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone()),
             line);
  AppendText("event", record.kind == AuditKind::kWrite ? "write" : "denied", line);
  AppendText("method", record.path.substr(record.path.empty() ? 0 : 1), line);
  AppendText("kind", NameOf(record.caller->kind), line);
  AppendText("subject", record.caller->subject, line);
  AppendText("issuer", record.caller->issuer, line);
  AppendText("resource", record.resource, line);
  AppendKeys(record.keys, line);
  AppendText("code", absl::StatusCodeToString(record.status.code()), line);
  google::rpc::ErrorInfo info;
  if (FindDetail(record.status, info)) AppendText("reason", info.reason(), line);
  AppendText("request_id", record.request_id, line);
  AppendText("claim", record.claim, line);
  if (record.counts) {
    AppendNumber("imported", record.counts->imported, line);
    AppendNumber("failed", record.counts->failed, line);
  }
  line += '}';
  return line;
}

}  // namespace dataservice
