#include "serve/execution/fake_transport.h"

#include <algorithm>
#include <utility>

namespace dataservice::test {

void FakeTransport::Read() {
  absl::MutexLock lock(&mutex_);
  ++reads_;
}
void FakeTransport::Write(std::string_view message) {
  absl::MutexLock lock(&mutex_);
  written_.emplace_back(message);
}
void FakeTransport::Finish(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  finish_ = status;
}
void FakeTransport::FinishWith(std::string_view message, const std::string&) {
  absl::MutexLock lock(&mutex_);
  answer_ = std::string(message);
  finish_ = absl::OkStatus();
}
void FakeTransport::Cancel() {
  absl::MutexLock lock(&mutex_);
  given_up_ = true;
}

bool FakeTransport::Reserve(size_t bytes) {
  absl::MutexLock lock(&mutex_);
  if (reserved_ + bytes > reserved_limit_) return false;
  reserved_ += bytes;
  most_reserved_ = std::max(most_reserved_, reserved_);
  return true;
}
bool FakeTransport::TakeCall() {
  if (++calls_ <= calls_limit_) return true;
  --calls_;
  return false;
}

void FakeTransport::Unreserve(size_t bytes) {
  absl::MutexLock lock(&mutex_);
  reserved_ -= bytes;
}
void FakeTransport::LimitReserved(size_t bytes) {
  absl::MutexLock lock(&mutex_);
  reserved_limit_ = bytes;
}
size_t FakeTransport::reserved() {
  absl::MutexLock lock(&mutex_);
  return reserved_;
}
size_t FakeTransport::most_reserved() {
  absl::MutexLock lock(&mutex_);
  return most_reserved_;
}

void FakeTransport::WaitForReads(int count) {
  absl::MutexLock lock(&mutex_);
  const auto enough = [&] { return reads_ >= count; };
  mutex_.Await(absl::Condition(&enough));
}
void FakeTransport::WaitForWrites(size_t count) {
  absl::MutexLock lock(&mutex_);
  const auto enough = [&] { return written_.size() >= count; };
  mutex_.Await(absl::Condition(&enough));
}
absl::Status FakeTransport::WaitForFinish() {
  absl::MutexLock lock(&mutex_);
  const auto finished = [&] { return finish_.has_value(); };
  mutex_.Await(absl::Condition(&finished));
  return *finish_;
}

bool FakeTransport::finished() {
  absl::MutexLock lock(&mutex_);
  return finish_.has_value();
}
int FakeTransport::reads() {
  absl::MutexLock lock(&mutex_);
  return reads_;
}
std::vector<std::string> FakeTransport::written() {
  absl::MutexLock lock(&mutex_);
  return written_;
}
std::string FakeTransport::answer() {
  absl::MutexLock lock(&mutex_);
  return answer_;
}
bool FakeTransport::given_up() {
  absl::MutexLock lock(&mutex_);
  return given_up_;
}

class HeldSink : public Sink {
 public:
  explicit HeldSink(HeldWork& work) : work_(work) {}
  void Execute(Batch batch) override { work_.Execute(std::move(batch)); }

 private:
  HeldWork& work_;
};

std::unique_ptr<Sink> HeldWork::MakeSink() { return std::make_unique<HeldSink>(*this); }

void HeldWork::Open() {
  absl::MutexLock lock(&mutex_);
  open_ = true;
}
void HeldWork::AnswerWith(std::function<absl::Status(const Operation&)> answer) {
  absl::MutexLock lock(&mutex_);
  answer_ = std::move(answer);
}
void HeldWork::BringPages(std::function<Outcome(const Operation&)> page) {
  absl::MutexLock lock(&mutex_);
  page_ = std::move(page);
}
int HeldWork::taken() {
  absl::MutexLock lock(&mutex_);
  return taken_;
}

void HeldWork::Execute(Batch batch) {
  std::function<absl::Status(const Operation&)> answer;
  std::function<Outcome(const Operation&)> page;
  {
    absl::MutexLock lock(&mutex_);
    taken_ += static_cast<int>(batch.size());
    mutex_.Await(absl::Condition(&open_));
    answer = answer_;
    page = page_;
  }
  for (const auto& operation : batch) {
    const absl::Status status = answer == nullptr ? absl::OkStatus() : answer(*operation);
    if (status.ok()) {
      operation->completion->Succeed(*operation, page == nullptr ? Outcome() : page(*operation));
    } else {
      operation->completion->Fail(*operation, status);
    }
  }
}

}  // namespace dataservice::test
