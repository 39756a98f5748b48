// Credentials that are fetched from elsewhere, and kept for a while.
#pragma once

#include <functional>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "postgres/credentials.h"

namespace dataservice {

// Thread-safe; one thread fetches, others that ask meanwhile wait for what it gets.
class CredentialCache {
 public:
  using Fetch = std::function<absl::StatusOr<Credentials>()>;
  using Clock = std::function<absl::Time()>;

  explicit CredentialCache(Fetch fetch, Clock now = absl::Now);

  // Those that are held, until kCredentialsMargin before they expire, or for
  // kCredentialsReuse if they say no time; then new ones. While those cannot be had, the old
  // ones as long as they have not expired, and then the error of the last attempt. After a
  // failure the next attempt comes after a growing pause, up to kMaxCredentialsPause.
  absl::StatusOr<Credentials> Get();

  // They opened no connection: the next Get fetches anew, but not within kCredentialsReuse
  // of the last time, so that an outage of the database is none of the secret store's.
  void Refused();

 private:
  void Keep(Credentials fetched, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Postpone(absl::Status failure, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Fetch fetch_;
  const Clock now_;
  // Held while fetching.
  absl::Mutex mutex_;
  std::optional<Credentials> held_ ABSL_GUARDED_BY(mutex_);
  absl::Time fetched_at_ ABSL_GUARDED_BY(mutex_);
  absl::Time renew_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  absl::Time retry_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Duration pause_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice
