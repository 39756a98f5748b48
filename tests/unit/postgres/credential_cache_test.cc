#include "postgres/credential_cache.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "engine_limits.h"

namespace dataservice::test {
namespace {

class CredentialCacheTest : public testing::Test {
 protected:
  // The password that a Get answers now, or "-".
  std::string Get() {
    const auto found = cache_.Get();
    return found.ok() ? found->password : "-";
  }

  absl::Time now_ = absl::FromUnixSeconds(1'000'000);
  bool down_ = false;
  // How long what is fetched is valid.
  absl::Duration lifetime_ = absl::InfiniteDuration();
  int fetched_ = 0;
  CredentialCache cache_{[this]() -> absl::StatusOr<Credentials> {
                           ++fetched_;
                           if (down_) return absl::UnavailableError("down");
                           return Credentials{.username = "u",
                                              .password = std::to_string(fetched_),
                                              .expires_at = now_ + lifetime_};
                         },
                         [this] { return now_; }};
};

constexpr absl::Duration kMoment = absl::Milliseconds(1);
const absl::Duration kReuse = absl::FromChrono(kCredentialsReuse);
const absl::Duration kMargin = absl::FromChrono(kCredentialsMargin);
const absl::Duration kMinPause = absl::FromChrono(kMinCredentialsPause);
const absl::Duration kMaxPause = absl::FromChrono(kMaxCredentialsPause);

TEST_F(CredentialCacheTest, WithoutATimeOnlyAStartSharesThem) {
  EXPECT_EQ(Get(), "1");
  now_ += kReuse - kMoment;
  EXPECT_EQ(Get(), "1");
  now_ += kMoment;
  EXPECT_EQ(Get(), "2");
}

TEST_F(CredentialCacheTest, WithATimeUntilShortlyBefore) {
  lifetime_ = absl::Minutes(15);
  EXPECT_EQ(Get(), "1");
  now_ += lifetime_ - kMargin - kMoment;
  EXPECT_EQ(Get(), "1");
  now_ += kMoment;
  EXPECT_EQ(Get(), "2");
}

TEST_F(CredentialCacheTest, WhatLivesForAMomentIsNotUsedAfterIt) {
  lifetime_ = absl::Seconds(1);
  EXPECT_EQ(Get(), "1");
  now_ += lifetime_ - kMoment;
  EXPECT_EQ(Get(), "1");
  now_ += kMoment;
  EXPECT_EQ(Get(), "2");
}

TEST_F(CredentialCacheTest, WhatComesExpiredIsAFailure) {
  lifetime_ = absl::ZeroDuration();
  EXPECT_EQ(Get(), "-");
}

TEST_F(CredentialCacheTest, RefusedOnesAreFetchedAnew) {
  lifetime_ = absl::Minutes(15);
  EXPECT_EQ(Get(), "1");
  now_ += absl::Minutes(1);
  cache_.Refused();
  EXPECT_EQ(Get(), "2");
}

TEST_F(CredentialCacheTest, RefusedAgainAndAgainTheyAreNotFetchedEachTime) {
  lifetime_ = absl::Minutes(15);
  for (int i = 0; i < 100; ++i) {
    Get();
    cache_.Refused();
    now_ += kReuse / 10;
  }
  EXPECT_EQ(fetched_, 10);
}

TEST_F(CredentialCacheTest, AFailureIsAnsweredUntilThePauseIsOverAndPausesGrow) {
  down_ = true;
  absl::Duration pause = kMinPause;
  for (int i = 1; i <= 10; ++i) {
    EXPECT_EQ(Get(), "-");
    EXPECT_EQ(fetched_, i);
    now_ += pause - kMoment;
    EXPECT_EQ(cache_.Get().status().message(), "down");
    EXPECT_EQ(fetched_, i);
    now_ += kMoment;
    pause = std::min(2 * pause, kMaxPause);
  }
  down_ = false;
  EXPECT_EQ(Get(), "11");
}

TEST_F(CredentialCacheTest, OldOnesServeWhileTheyAreValidAndNewOnesCannotBeHad) {
  lifetime_ = absl::Minutes(15);
  EXPECT_EQ(Get(), "1");
  down_ = true;
  now_ += lifetime_ - kMoment;
  EXPECT_EQ(Get(), "1");
  EXPECT_EQ(fetched_, 2);
  now_ += kMoment;
  EXPECT_EQ(Get(), "-");
  EXPECT_EQ(fetched_, 2);
  now_ += kMinPause;
  down_ = false;
  EXPECT_EQ(Get(), "3");
}

TEST(CredentialCache, ManyThreadsFetchOnce) {
  std::atomic<int> fetched{0};
  absl::Notification asked;
  absl::Notification go;
  CredentialCache cache([&]() -> absl::StatusOr<Credentials> {
    ++fetched;
    asked.Notify();
    go.WaitForNotification();
    return Credentials{.username = "u", .password = "p"};
  });
  std::atomic<int> got{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { got += cache.Get().ok() ? 1 : 0; });
  asked.WaitForNotification();
  go.Notify();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(got, 8);
  EXPECT_EQ(fetched, 1);
}

}  // namespace
}  // namespace dataservice::test
