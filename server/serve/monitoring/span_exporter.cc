#include "serve/monitoring/span_exporter.h"

#include <curl/curl.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "json_string.h"
#include "log.h"
#include "view.h"

namespace dataservice {
namespace {

// Spans that may wait: some MB.
constexpr size_t kMaxWaiting = 4096;
// Spans of a request, and the longest time that one waits for others.
constexpr size_t kMaxRequest = 512;
constexpr absl::Duration kPause = absl::Seconds(1);
// For one request; a server that stops waits for one at most.
constexpr long kTimeoutMs = 3000;

std::string Quoted(std::string_view text) {
  std::string quoted;
  AppendJsonString(text, quoted);
  return quoted;
}

// Nanoseconds since the epoch; 64-bit numbers are texts in the JSON of Protobuf.
std::string TimeText(std::chrono::steady_clock::time_point time) {
  const auto ago = std::chrono::steady_clock::now() - time;
  const auto at = std::chrono::system_clock::now() - ago;
  return Quoted(std::to_string(
      std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count()));
}

std::string ValueText(const Span::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return absl::StrCat("{\"stringValue\":", Quoted(*text), "}");
  }
  if (const auto* number = std::get_if<int64_t>(&value)) {
    return absl::StrCat("{\"intValue\":\"", *number, "\"}");
  }
  return absl::StrCat("{\"doubleValue\":", std::get<double>(value), "}");
}

std::string AttributesText(
    const std::vector<std::pair<std::string_view, Span::Value>>& attributes) {
  std::string text = "[";
  for (const auto& [name, value] : attributes) {
    if (text.size() > 1) text += ',';
    absl::StrAppend(&text, "{\"key\":", Quoted(name), ",\"value\":", ValueText(value), "}");
  }
  return text + "]";
}

std::string SpanText(const Span& span) {
  std::string text =
      absl::StrCat("{\"traceId\":\"", span.trace_id, "\",\"spanId\":\"", span.span_id,
                   "\",\"name\":", Quoted(span.name), ",\"kind\":", static_cast<int>(span.kind));
  if (!span.parent_id.empty()) absl::StrAppend(&text, ",\"parentSpanId\":\"", span.parent_id, "\"");
  absl::StrAppend(&text, ",\"startTimeUnixNano\":", TimeText(span.began),
                  ",\"endTimeUnixNano\":", TimeText(span.ended),
                  ",\"attributes\":", AttributesText(span.attributes));
  if (span.is_error) text += ",\"status\":{\"code\":2}";
  return text + "}";
}

size_t Ignore(char*, size_t size, size_t count, void*) { return size * count; }

struct CurlDeleter {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// Empty if the collector took it, otherwise why not.
std::string Post(const std::string& url, const std::string& body) {
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, CurlDeleter> curl(curl_easy_init());
  if (initialized != CURLE_OK || curl == nullptr) return "libcurl cannot be initialized";
  const std::unique_ptr<curl_slist, CurlDeleter> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"));
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, kTimeoutMs);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, Ignore);
  const CURLcode result = curl_easy_perform(curl.get());
  if (result != CURLE_OK) return curl_easy_strerror(result);
  long code = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &code);
  return code / 100 == 2 ? "" : absl::StrCat("the response has the status ", code);
}

}  // namespace

SpanExporter::SpanExporter(Settings settings)
    : settings_(std::move(settings)), thread_([this] { Run(); }) {}

SpanExporter::~SpanExporter() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void SpanExporter::Add(const Span& span) {
  std::string text = SpanText(span);
  absl::MutexLock lock(&mutex_);
  if (waiting_.size() >= kMaxWaiting) {
    dropped_.fetch_add(1, std::memory_order_relaxed);
  } else {
    waiting_.push_back(std::move(text));
  }
}

bool SpanExporter::HasWork() const { return stopping_ || waiting_.size() >= kMaxRequest; }

void SpanExporter::Run() {
  while (true) {
    std::vector<std::string> spans;
    bool last = false;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(
                                  +[](SpanExporter* exporter) ABSL_EXCLUSIVE_LOCKS_REQUIRED(
                                       exporter->mutex_) { return exporter->HasWork(); },
                                  this),
                              kPause);
      spans.swap(waiting_);
      last = stopping_;
    }
    if (!spans.empty()) Send(spans);
    if (last) return;
  }
}

void SpanExporter::Send(const std::vector<std::string>& spans) {
  std::string body =
      absl::StrCat("{\"resourceSpans\":[{\"resource\":{\"attributes\":",
                   AttributesText({{"service.name", settings_.service_name},
                                   {"service.version", settings_.service_version}}),
                   "},\"scopeSpans\":[{\"scope\":{\"name\":\"dataservice/server\"},\"spans\":[");
  for (size_t i = 0; i < spans.size(); ++i) absl::StrAppend(&body, i > 0 ? "," : "", spans[i]);
  body += "]}]}]}";
  const std::string problem = Post(settings_.endpoint + "/v1/traces", body);
  (problem.empty() ? sent_ : dropped_).fetch_add(spans.size(), std::memory_order_relaxed);
  if (!problem.empty()) LogWarning("traces_lost", {{"error", problem}});
}

}  // namespace dataservice
