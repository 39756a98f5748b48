#include "postgres/credential_cache.h"

#include <algorithm>
#include <utility>

#include "engine_limits.h"
#include "log.h"

namespace dataservice {

CredentialCache::CredentialCache(Fetch fetch, Clock now)
    : fetch_(std::move(fetch)), now_(std::move(now)) {}

absl::StatusOr<Credentials> CredentialCache::Get() {
  absl::MutexLock lock(&mutex_);
  absl::Time now = now_();
  if (now >= renew_at_ && now >= retry_at_) {
    auto fetched = fetch_();
    now = now_();
    if (fetched.ok() && fetched->expires_at <= now) {
      fetched = absl::UnavailableError("the credentials have expired already");
    }
    if (fetched.ok()) {
      Keep(*std::move(fetched), now);
    } else {
      Postpone(fetched.status(), now);
    }
  }
  if (held_.has_value() && now < held_->expires_at) return *held_;
  return failure_;
}

void CredentialCache::Refused() {
  absl::MutexLock lock(&mutex_);
  renew_at_ = std::min(renew_at_, fetched_at_ + absl::FromChrono(kCredentialsReuse));
}

void CredentialCache::Keep(Credentials fetched, absl::Time now) {
  renew_at_ = now + absl::FromChrono(kCredentialsReuse);
  if (fetched.expires_at < absl::InfiniteFuture()) {
    renew_at_ = std::max(renew_at_, fetched.expires_at - absl::FromChrono(kCredentialsMargin));
    renew_at_ = std::min(renew_at_, fetched.expires_at);
  }
  held_ = std::move(fetched);
  fetched_at_ = now;
  retry_at_ = absl::InfinitePast();
  pause_ = absl::ZeroDuration();
}

void CredentialCache::Postpone(absl::Status failure, absl::Time now) {
  const std::string words(failure.message());
  LogWarning("credentials_unavailable", {{"error", words}});
  failure_ = std::move(failure);
  pause_ = std::clamp(2 * pause_, absl::FromChrono(kMinCredentialsPause),
                      absl::FromChrono(kMaxCredentialsPause));
  retry_at_ = now + pause_;
}

}  // namespace dataservice
