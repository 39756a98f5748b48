#include "serve/identity/key_source.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "file_watch.h"
#include "log.h"
#include "replaceable.h"
#include "serve/identity/http_fetch.h"

namespace dataservice {
namespace {

// The set in use, which a thread replaces.
class HeldKeys {
 public:
  std::shared_ptr<const KeySet> Get() const { return keys_.Get(); }

  absl::Status Take(const std::string& json) {
    auto keys = KeySet::Parse(json);
    if (keys.ok()) keys_.Set(*std::move(keys));
    return keys.status();
  }

 private:
  Replaceable<KeySet> keys_;
};

class FileKeys final : public KeySource {
 public:
  static absl::StatusOr<std::unique_ptr<KeySource>> Open(const std::string& path) {
    auto source = std::make_unique<FileKeys>();
    auto watch = FileWatch::Start(
        {path}, [keys = &source->keys_](const auto& contents) { return keys->Take(contents[0]); });
    if (!watch.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--jwks: ", path, ": ", watch.status().message()));
    }
    source->watch_ = *std::move(watch);
    return source;
  }

  std::shared_ptr<const KeySet> Current() const override { return keys_.Get(); }

 private:
  HeldKeys keys_;
  std::unique_ptr<FileWatch> watch_;
};

class UrlKeys final : public KeySource {
 public:
  UrlKeys(const KeySettings& settings, std::chrono::milliseconds min_pause)
      : settings_(settings), min_pause_(absl::FromChrono(min_pause)), thread_([this] { Run(); }) {}

  ~UrlKeys() override {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    cancelled_ = true;
    thread_.join();
  }

  std::shared_ptr<const KeySet> Current() const override { return keys_.Get(); }

  void Refresh() override {
    absl::MutexLock lock(&mutex_);
    wanted_ = true;
  }

 private:
  void Run() {
    while (true) {
      const bool done = Fetch();
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), min_pause_)) return;
      if (done) {
        mutex_.AwaitWithTimeout(absl::Condition(this, &UrlKeys::MustWake),
                                absl::FromChrono(settings_.jwks_refresh) - min_pause_);
      }
      if (stopping_) return;
      wanted_ = false;
    }
  }

  bool MustWake() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || wanted_; }

  // Reports a change of the outcome in the log.
  bool Fetch() {
    const auto json = HttpFetch(settings_.jwks, settings_.jwks_ca, cancelled_);
    absl::Status status = json.status();
    if (json.ok() && (keys_.Get() == nullptr || *json != json_)) {
      status = keys_.Take(*json);
      if (status.ok()) {
        json_ = *json;
        LogInfo("jwks_fetched", {{"url", settings_.jwks}});
      }
    }
    if (!status.ok() && status != failure_) {
      LogWarning(
          "jwks_unavailable",
          {{"url", settings_.jwks},
           {"error", std::string(status.message())},
           {"advice", keys_.Get() == nullptr ? "calls with a token get UNAVAILABLE"
                                             : "the keys that were fetched before stay in use"}});
    }
    failure_ = std::move(status);
    return failure_.ok();
  }

  const KeySettings settings_;
  const absl::Duration min_pause_;
  HeldKeys keys_;
  // The fetching thread alone uses both.
  std::string json_;
  absl::Status failure_;
  std::atomic<bool> cancelled_{false};
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<KeySource>> OpenKeySource(const KeySettings& settings,
                                                         std::chrono::milliseconds min_pause) {
  if (IsHttpUrl(settings.jwks)) return std::make_unique<UrlKeys>(settings, min_pause);
  return FileKeys::Open(settings.jwks);
}

}  // namespace dataservice
