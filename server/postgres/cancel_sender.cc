#include "postgres/cancel_sender.h"

#include <system_error>
#include <thread>
#include <utility>

#include "absl/time/time.h"

namespace dataservice {
namespace {

// A request that takes longer does not hold up the others.
constexpr absl::Duration kTurn = absl::Seconds(2);

// Each may be held up by a server that hangs.
constexpr int kMaxThreads = 4;

constexpr absl::Duration kStopTime = absl::Seconds(1);

}  // namespace

void CancelSender::Start() {
  absl::MutexLock lock(&mutex_);
  StartThread();
}

void CancelSender::Add(std::shared_ptr<Canceller::Request> request) {
  absl::MutexLock lock(&mutex_);
  requests_.push_back(std::move(request));
}

void CancelSender::Stop() {
  absl::MutexLock lock(&mutex_);
  stopping_ = true;
  mutex_.AwaitWithTimeout(absl::Condition(this, &CancelSender::IsDone), kStopTime);
}

void CancelSender::StartThread() {
  try {
    std::thread([self = shared_from_this()] { self->Run(); }).detach();
  } catch (const std::system_error&) {
    return;  // the thread that sends waits for the next turn itself, afterwards
  }
  ++threads_;
  has_next_ = true;
}

void CancelSender::Run() {
  uint64_t turn = 0;
  do {
    const auto request = Take(turn);
    if (request == nullptr) break;
    request->Send();
  } while (Return(turn));
  absl::MutexLock lock(&mutex_);
  --threads_;
}

std::shared_ptr<Canceller::Request> CancelSender::Take(uint64_t& turn) {
  absl::MutexLock lock(&mutex_);
  // The turn began when this thread began to wait.
  if (in_turn_) {
    mutex_.AwaitWithTimeout(absl::Condition(this, &CancelSender::IsTurnOver), kTurn);
    in_turn_ = false;
  }
  mutex_.Await(absl::Condition(this, &CancelSender::HasRequest));
  has_next_ = false;
  if (stopping_) return nullptr;
  auto request = std::move(requests_.front());
  requests_.pop_front();
  in_turn_ = true;
  turn = ++turn_;
  if (threads_ < kMaxThreads) StartThread();
  return request;
}

bool CancelSender::Return(uint64_t turn) {
  absl::MutexLock lock(&mutex_);
  if (turn == turn_) in_turn_ = false;
  return !std::exchange(has_next_, true);
}

}  // namespace dataservice
