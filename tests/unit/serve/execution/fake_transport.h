// The other end of a stream, and a sink that answers when a test says so.
#pragma once

#include <atomic>
#include <climits>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "serve/execution/sink.h"
#include "serve/request/stream.h"

namespace dataservice::test {

// Notes what a stream asks for; the test calls the stream itself.
class FakeTransport : public StreamTransport {
 public:
  void Read() override;
  void Write(std::string_view message) override;
  void Finish(const absl::Status& status) override;
  void FinishWith(std::string_view message, const std::string& consistency_token) override;
  void Cancel() override;
  bool Reserve(size_t bytes) override;
  void Unreserve(size_t bytes) override;
  bool TakeCall() override;
  void GiveCall() override { --calls_; }
  bool cancelled() const override { return cancelled_; }
  bool draining() const override { return draining_; }
  void Hold() override { ++holds_; }
  void Release() override { --holds_; }

  // Waits until it was called so often in all.
  void WaitForReads(int count);
  void WaitForWrites(size_t count);
  absl::Status WaitForFinish();
  bool finished();
  // Nothing is to come any more of what is under way; reads so far.
  int reads();
  std::vector<std::string> written();
  std::string answer();
  bool given_up();
  int holds() const { return holds_; }
  // Bytes that the stream has reserved; the limit, and the most so far.
  void LimitReserved(size_t bytes);
  size_t reserved();
  // Calls that the stream carries; the limit.
  void LimitCalls(int calls) { calls_limit_ = calls; }
  int calls() const { return calls_; }
  size_t most_reserved();

  std::atomic<bool> cancelled_{false};
  std::atomic<bool> draining_{false};

 private:
  std::atomic<int> holds_{0};
  std::atomic<int> calls_{0};
  std::atomic<int> calls_limit_{INT_MAX};
  absl::Mutex mutex_;
  int reads_ = 0;
  std::vector<std::string> written_;
  std::optional<absl::Status> finish_;
  std::string answer_;
  bool given_up_ = false;
  size_t reserved_ = 0;
  size_t most_reserved_ = 0;
  size_t reserved_limit_ = SIZE_MAX;
};

// Holds what it is given until the test answers it.
class HeldWork {
 public:
  // Blocks in the worker until `open`.
  std::unique_ptr<Sink> MakeSink();
  void Open();
  // What operations are answered with; OK by default.
  void AnswerWith(std::function<absl::Status(const Operation&)> answer);
  // Rows that an export's page brings.
  void BringPages(std::function<Outcome(const Operation&)> page);
  int taken();

 private:
  friend class HeldSink;
  void Execute(Batch batch);

  absl::Mutex mutex_;
  bool open_ = false;
  int taken_ = 0;
  std::function<absl::Status(const Operation&)> answer_;
  std::function<Outcome(const Operation&)> page_;
};

}  // namespace dataservice::test
