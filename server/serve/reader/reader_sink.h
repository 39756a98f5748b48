// Executes reads on a reader.
#pragma once

#include <memory>
#include <optional>

#include "serve/execution/database_sink.h"
#include "serve/reader/writer_history.h"

namespace dataservice {

// Executes the operations of which the reader has what they must see, and fails the others with
// DatabaseUnavailable. All of a batch get the earliest of their deadlines, so that none waits for
// the statement of the others until the writer cannot execute it any more. It asks the reader on
// the connection that executes them, so that each of several readers behind one name is asked
// itself. No operation is executed twice: after a failure the writer executes it.
class ReaderSink final : public Sink {
 public:
  // `history` and `observer` outlive it; the observer may be null.
  ReaderSink(std::unique_ptr<Connection> connection, const WriterHistory& history,
             ExecutionObserver* observer);

  void Execute(Batch batch) override;
  bool timed_out() const override { return sink_.timed_out(); }
  bool Settle(std::chrono::milliseconds limit) override { return sink_.Settle(limit); }

 private:
  // Finds out what the reader has, if what is known of it is less than needed.
  void Measure(SteadyTime needed, Operation::TimePoint deadline);
  // Whether a new connection might be made too late for an operation with that deadline.
  bool MayConnectTooLate(Operation::TimePoint deadline) const;
  bool Has(SteadyTime time) const { return covered_ && time <= *covered_; }

  Connection& connection_;  // of the sink
  const WriterHistory& history_;
  DatabaseSink sink_;
  PositionQuery query_{DatabaseRole::kReader};
  // What was acknowledged before, the reader has; absent if that is not known.
  std::optional<SteadyTime> covered_;
};

}  // namespace dataservice
