#include "postgres/canceller.h"

#include <array>
#include <utility>

#include "absl/time/time.h"
#include "postgres/cancel_sender.h"

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

Canceller::Canceller() : sender_(std::make_shared<CancelSender>()) { sender_->Start(); }

Canceller::~Canceller() { sender_->Stop(); }

std::shared_ptr<Canceller::Request> Canceller::Cancel(CancelHandle handle) {
  auto request = std::make_shared<Request>(std::move(handle));
  sender_->Add(request);
  return request;
}

}  // namespace dataservice
