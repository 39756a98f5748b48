// The flow of an import: messages in, create operations out, one answer.
#pragma once

#include <chrono>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "serve/request/handler.h"
#include "serve/request/import_progress.h"

namespace dataservice {

// Each message becomes an operation of the method's Create handler, so rows are
// stored in batches as they come, in no particular order. So many are under way
// at once (limits.h); meanwhile nothing is read. A row that the full queue gives
// back waits and is no failure. The stream ends with its first error that is not
// a row's own (IsOfTheRow), once what is under way is answered.
class ImportStream final : public Stream, public Completion {
 public:
  using Clock = std::chrono::steady_clock;

  // All outlive it. `now` is for the silence of a client.
  ImportStream(
      const Method& method, const Handler& create, Executor& executor, StreamTransport& transport,
      const RequestContext& context, std::chrono::milliseconds operation_time,
      Clock::time_point (*now)() = [] { return Clock::now(); });

  void Start() override;
  void OnMessage(google::protobuf::io::ZeroCopyInputStream& message) override;
  void OnEnd() override;
  void OnWritten(bool) override {}
  void OnTick() override;

  void Succeed(Operation& operation, Outcome outcome) override;
  void Fail(Operation& operation, absl::Status status) override;
  bool cancelled() const override { return transport_.cancelled(); }

 private:
  enum class Reader { kWaiting, kHandling, kPaused, kEnded };
  enum class Step { kNone, kRead, kOffer, kFinish };

  // Does what is to be done next, until that is nothing.
  void Pump();
  Step NextStep(std::unique_ptr<Operation>& offered) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Offer(std::unique_ptr<Operation> operation);
  void Finish();
  // An operation is over.
  void Settle(const Operation& operation, const absl::Status& status);
  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Method& method_;
  const Handler& create_;
  Executor& executor_;
  StreamTransport& transport_;
  const RequestContext context_;
  const std::chrono::milliseconds operation_time_;
  Clock::time_point (*const now_)();

  absl::Mutex mutex_;
  Reader reader_ ABSL_GUARDED_BY(mutex_) = Reader::kPaused;
  Clock::time_point asked_ ABSL_GUARDED_BY(mutex_);    // when the last Read began
  int64_t next_position_ ABSL_GUARDED_BY(mutex_) = 0;  // of the next message
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // of values under way
  // A row that the queue gave back, and whether it is time to offer it again.
  std::unique_ptr<Operation> held_ ABSL_GUARDED_BY(mutex_);
  bool offer_held_ ABSL_GUARDED_BY(mutex_) = false;
  ImportProgress progress_ ABSL_GUARDED_BY(mutex_);
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dataservice
