#include "serve/reader/reader_sink.h"

#include <algorithm>
#include <utility>

#include "serve/errors/errors.h"
#include "serve/execution/retry.h"

namespace dataservice {

ReaderSink::ReaderSink(std::unique_ptr<Connection> connection, const WriterHistory& history,
                       ExecutionObserver* observer)
    : connection_(*connection),
      history_(history),
      sink_(std::move(connection), observer, /*runs=*/1) {}

void ReaderSink::Execute(Batch batch) {
  Measure(batch);
  const auto stale = std::stable_partition(
      batch.begin(), batch.end(),
      [this](const auto& operation) { return operation->must_see <= covered_; });
  for (auto each = stale; each != batch.end(); ++each) {
    (*each)->completion->Fail(**each, DatabaseUnavailable());
  }
  batch.erase(stale, batch.end());
  if (!batch.empty()) sink_.Execute(std::move(batch));
}

void ReaderSink::Measure(const Batch& batch) {
  // Another connection may lead to another reader.
  if (!connection_.is_usable()) covered_ = SteadyTime();
  SteadyTime needed;
  Operation::TimePoint deadline;
  for (const auto& operation : batch) {
    needed = std::max(needed, operation->must_see);
    deadline = std::max(deadline, operation->deadline);
  }
  if (needed <= covered_) return;
  const auto position = query_.Ask(connection_, deadline);
  covered_ = position.ok() ? history_.CoveredBy(*position).value_or(SteadyTime()) : SteadyTime();
}

}  // namespace dataservice
