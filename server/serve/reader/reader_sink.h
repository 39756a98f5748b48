// Executes reads on a reader.
#pragma once

#include <memory>

#include "serve/execution/database_sink.h"
#include "serve/reader/writer_history.h"

namespace dataservice {

// Executes the operations whose `must_see` the reader has, and fails the others with
// DatabaseUnavailable. It asks the reader on the connection that executes them, so that each of
// several readers behind one name is asked itself. No operation is executed twice: after a failure
// the writer executes it.
class ReaderSink final : public Sink {
 public:
  // `history` and `observer` outlive it; the observer may be null.
  ReaderSink(std::unique_ptr<Connection> connection, const WriterHistory& history,
             ExecutionObserver* observer);

  void Execute(Batch batch) override;
  bool timed_out() const override { return sink_.timed_out(); }
  bool Settle(std::chrono::milliseconds limit) override { return sink_.Settle(limit); }

 private:
  // Finds out what the reader has, if what is known of it is not enough for the batch.
  void Measure(const Batch& batch);

  Connection& connection_;  // of the sink
  const WriterHistory& history_;
  DatabaseSink sink_;
  PositionQuery query_{DatabaseRole::kReader};
  // What was acknowledged before, the reader has; the epoch if that is not known.
  SteadyTime covered_;
};

}  // namespace dataservice
