#include "loop.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace bench {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

// Calls of an open loop under way on one connection: below the streams that the
// server allows. More wait here, and their time counts from when they were due.
constexpr size_t kMostStreams = 900;

// A server that is so far behind does not reach the rate.
constexpr std::chrono::seconds kMostLate{3};

}  // namespace

Loop::Loop(const LoadSettings& settings, Workload& workload)
    : settings_(settings), workload_(workload) {
  prctl(PR_SET_TIMERSLACK, 1000UL);
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  for (int i = 0; i < settings.connections; ++i) {
    connections_.push_back(
        std::make_unique<Connection>(settings.host, settings.port, settings.tls,
                                     [this](const Answer& answer) { OnAnswer(answer); }));
    epoll_event event{EPOLLIN, {.u32 = static_cast<uint32_t>(i)}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_.back()->socket(), &event);
  }
  blocked_.resize(connections_.size());
}

Loop::~Loop() { close(epoll_); }

void Loop::Begin(size_t connection, Clock::time_point due) {
  if (free_.empty()) {
    free_.push_back(static_cast<uint32_t>(pending_.size()));
    pending_.emplace_back();
  }
  const uint32_t slot = free_.back();
  free_.pop_back();
  Pending& pending = pending_[slot];
  pending = {workload_.Next(), due, connection};
  ++under_way_;
  connections_[connection]->Call(pending.request.headers, pending.request.message, slot);
}

void Loop::OnAnswer(const Answer& answer) {
  const Pending pending = pending_[answer.tag];
  free_.push_back(static_cast<uint32_t>(answer.tag));
  --under_way_;
  const Clock::time_point now = Clock::now();
  if (answer.status == kBroken) broken_ = true;
  const bool right = answer.status == 0 && workload_.Check(pending.request, answer.message);
  if (!right) ++result_.errors;
  if (pending.due >= measured_from_) {
    ++result_.calls;
    result_.latencies.push_back(static_cast<uint32_t>(
        std::min<int64_t>(Nanoseconds(now - pending.due).count(), UINT32_MAX)));
  }
  if (refill_ && !broken_) Begin(pending.connection, now);
}

void Loop::Turn(Clock::time_point until) {
  for (size_t i = 0; i < connections_.size(); ++i) {
    const bool blocked = connections_[i]->Flush();
    if (blocked == blocked_[i]) continue;
    blocked_[i] = blocked;
    epoll_event event{blocked ? uint32_t{EPOLLIN | EPOLLOUT} : uint32_t{EPOLLIN},
                      {.u32 = static_cast<uint32_t>(i)}};
    epoll_ctl(epoll_, EPOLL_CTL_MOD, connections_[i]->socket(), &event);
  }
  const auto left = std::max<int64_t>(Nanoseconds(until - Clock::now()).count(), 0);
  const timespec timeout{left / 1000000000, left % 1000000000};
  std::array<epoll_event, 64> events;
  const int count =
      epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  for (int i = 0; i < count; ++i) {
    if (!connections_[events[i].data.u32]->Receive()) broken_ = true;
  }
}

Loop::Clock::time_point Loop::BeginWhatIsDue() {
  const Nanoseconds step(static_cast<int64_t>(1e9 / settings_.rate));
  const Clock::time_point now = Clock::now();
  if (now - next_due_ > kMostLate) throw RateNotReached();
  for (; next_due_ <= now; next_due_ += step) {
    if (under_way_ >= kMostStreams * connections_.size()) return now + std::chrono::milliseconds(1);
    Begin(turn_++ % connections_.size(), next_due_);
  }
  return next_due_;
}

Measurement Loop::Run() {
  result_ = {};
  const Clock::time_point begin = Clock::now();
  measured_from_ = begin + std::chrono::duration_cast<Nanoseconds>(settings_.warmup);
  const auto end = measured_from_ + std::chrono::duration_cast<Nanoseconds>(settings_.duration);
  next_due_ = begin;
  refill_ = settings_.rate == 0;
  if (refill_) {
    for (int i = 0; i < settings_.concurrency; ++i) {
      Begin(turn_++ % connections_.size(), Clock::now());
    }
  }
  Clock::time_point now = begin;
  while (now < end && !broken_ && (settings_.calls == 0 || result_.calls < settings_.calls)) {
    Turn(refill_ ? end : std::min(end, BeginWhatIsDue()));
    now = Clock::now();
  }
  // What came until now counts; the rest is awaited, so that it is checked.
  result_.seconds = std::chrono::duration<double>(now - measured_from_).count();
  const uint64_t calls = result_.calls;
  refill_ = false;
  const auto patience = now + std::chrono::seconds(30);
  while (under_way_ > 0 && !broken_ && Clock::now() < patience) Turn(patience);
  if (settings_.rate == 0) result_.calls = calls;
  result_.errors += under_way_;
  return std::move(result_);
}

Measurement Loop::One() {
  result_ = {};
  refill_ = false;
  measured_from_ = Clock::now();
  Begin(turn_++ % connections_.size(), Clock::now());
  const auto patience = Clock::now() + std::chrono::seconds(30);
  while (under_way_ > 0 && !broken_ && Clock::now() < patience) Turn(patience);
  result_.errors += under_way_;
  return std::move(result_);
}

}  // namespace bench
