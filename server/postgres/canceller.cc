#include "postgres/canceller.h"

#include <array>
#include <utility>

#include "absl/time/time.h"

namespace dataservice {

bool Canceller::Request::Await(std::chrono::milliseconds limit) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(
                              +[](State* state) { return *state != State::kWaiting; }, &state_),
                          absl::FromChrono(limit));
  return state_ == State::kReceived;
}

void Canceller::Request::Send() {
  std::array<char, 256> error{};
  const bool received = handle_ != nullptr &&
                        PQcancel(handle_.get(), error.data(), static_cast<int>(error.size())) == 1;
  absl::MutexLock lock(&mutex_);
  state_ = received ? State::kReceived : State::kFailed;
}

Canceller::Canceller() : thread_([this] { Run(); }) {}

Canceller::~Canceller() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

std::shared_ptr<Canceller::Request> Canceller::Cancel(CancelHandle handle) {
  auto request = std::make_shared<Request>(std::move(handle));
  absl::MutexLock lock(&mutex_);
  requests_.push_back(request);
  return request;
}

void Canceller::Run() {
  while (true) {
    std::shared_ptr<Request> request;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(
          +[](Canceller* canceller)
               ABSL_EXCLUSIVE_LOCKS_REQUIRED(canceller->mutex_) { return canceller->HasWork(); },
          this));
      if (stopping_) return;
      request = std::move(requests_.front());
      requests_.pop_front();
    }
    request->Send();
  }
}

}  // namespace dataservice
