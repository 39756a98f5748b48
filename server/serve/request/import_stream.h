// The flow of an import: messages in, operations of the Create method out, one response.
#pragma once

#include <chrono>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "serve/request/call_record.h"
#include "serve/request/import_progress.h"
#include "serve/request/operation_handler.h"
#include "serve/request/stream.h"

namespace dataservice {

// Each message becomes an operation of the Create handler, so that rows are stored in batches
// as they arrive, in no particular order. While the limit of operations is under way
// (engine_limits.h), nothing is read. A row that the full queue refuses waits and is not a
// failure. The first error that is not a row's own (IsOfTheRow) ends the stream, once the
// operations under way are answered.
class ImportStream final : public Stream, public Completion {
 public:
  using Clock = std::chrono::steady_clock;

  // All outlive it. `now` measures how long the client sends nothing.
  ImportStream(
      const Method& method, const OperationHandler& create, Executor& executor,
      StreamTransport& transport, const RequestContext& context,
      std::chrono::milliseconds operation_time,
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

  // Takes the next steps until there is none.
  void Pump();
  Step NextStep(std::unique_ptr<Operation>& offered) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Offer(std::unique_ptr<Operation> operation);
  void Finish();
  // Records the result of an operation.
  void Settle(const Operation& operation, const absl::Status& status);
  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Method& method_;
  const OperationHandler& create_;
  Executor& executor_;
  StreamTransport& transport_;
  const RequestContext context_;
  // Of its operations.
  const Origin origin_ = OriginOf(context_);
  const std::chrono::milliseconds operation_time_;
  Clock::time_point (*const now_)();

  absl::Mutex mutex_;
  Reader reader_ ABSL_GUARDED_BY(mutex_) = Reader::kPaused;
  Clock::time_point asked_ ABSL_GUARDED_BY(mutex_);    // when the last Read began
  int64_t next_position_ ABSL_GUARDED_BY(mutex_) = 0;  // of the next message
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // of values under way
  // A row that the queue refused, and whether it is time to offer it again.
  std::unique_ptr<Operation> held_ ABSL_GUARDED_BY(mutex_);
  bool offer_held_ ABSL_GUARDED_BY(mutex_) = false;
  // A thread offers it to the queue, which can return it. No other message is read meanwhile.
  bool offering_ ABSL_GUARDED_BY(mutex_) = false;
  const CallRecord record_;
  ImportProgress progress_ ABSL_GUARDED_BY(mutex_);
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dataservice
