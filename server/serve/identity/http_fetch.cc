#include "serve/identity/http_fetch.h"

#include <curl/curl.h>

#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "view.h"

namespace dataservice {
namespace {

constexpr size_t kMaxBody = 256 * 1024;
constexpr long kTimeoutMs = 10000;
constexpr long kOk = 200;

struct CurlDeleter {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

size_t Append(char* data, size_t size, size_t count, void* body) {
  auto& out = *static_cast<std::string*>(body);
  const size_t bytes = size * count;
  if (out.size() + bytes > kMaxBody) return 0;  // ends the transfer
  out.append(data, bytes);
  return bytes;
}

// libcurl calls it several times a second; a value other than 0 ends the transfer.
int IsCancelled(void* cancelled, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(cancelled)->load() ? 1 : 0;
}

}  // namespace

bool IsHttpUrl(std::string_view text) {
  return absl::StartsWithIgnoreCase(View(text), "https://") ||
         absl::StartsWithIgnoreCase(View(text), "http://");
}

absl::StatusOr<std::string> HttpFetch(const std::string& url, const std::string& ca_file,
                                      const std::atomic<bool>& cancelled) {
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, CurlDeleter> curl(curl_easy_init());
  if (initialized != CURLE_OK || curl == nullptr) {
    return absl::UnavailableError("libcurl cannot be initialized");
  }
  std::string body;
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, kTimeoutMs);
  curl_easy_setopt(curl.get(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!ca_file.empty()) curl_easy_setopt(curl.get(), CURLOPT_CAINFO, ca_file.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, IsCancelled);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&cancelled));
  const CURLcode result = curl_easy_perform(curl.get());
  if (result != CURLE_OK) return absl::UnavailableError(curl_easy_strerror(result));
  long code = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &code);
  if (code != kOk)
    return absl::UnavailableError(absl::StrCat("the response has the status ", code));
  return body;
}

}  // namespace dataservice
