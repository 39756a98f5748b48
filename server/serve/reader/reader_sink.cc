#include "serve/reader/reader_sink.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "serve/errors/errors.h"

namespace dataservice {
namespace {

// A reader that does not answer within it is away.
constexpr std::chrono::seconds kAnswerTime{1};

// How long it can take to connect, with the connect_timeout of AddDefaults().
constexpr std::chrono::seconds kConnectTime{4};

void FailAll(const Batch& batch) {
  for (const auto& operation : batch) {
    operation->completion->Fail(*operation, DatabaseUnavailable());
  }
}

}  // namespace

ReaderSink::ReaderSink(std::unique_ptr<Connection> connection, const WriterHistory& history,
                       ExecutionObserver* observer)
    : connection_(*connection),
      history_(history),
      sink_(std::move(connection), observer, /*runs=*/1) {}

void ReaderSink::Execute(Batch batch) {
  Operation::TimePoint deadline = Operation::TimePoint::max();
  SteadyTime needed = SteadyTime::min();
  for (const auto& operation : batch) {
    deadline = std::min(deadline, operation->deadline);
    needed = std::max(needed, operation->on_reader->must_see);
  }
  for (const auto& operation : batch) operation->deadline = deadline;
  // The connection is made nevertheless, for those that come later.
  if (MayConnectTooLate(deadline)) FailAll(std::exchange(batch, {}));
  Measure(needed, deadline);
  const auto stale = std::stable_partition(
      batch.begin(), batch.end(),
      [this](const auto& operation) { return Has(operation->on_reader->must_see); });
  FailAll({std::make_move_iterator(stale), std::make_move_iterator(batch.end())});
  batch.erase(stale, batch.end());
  if (!batch.empty()) sink_.Execute(std::move(batch));
}

bool ReaderSink::MayConnectTooLate(Operation::TimePoint deadline) const {
  return !connection_.is_usable() && deadline - std::chrono::system_clock::now() < kConnectTime;
}

void ReaderSink::Measure(SteadyTime needed, Operation::TimePoint deadline) {
  // Another connection may lead to another reader.
  if (!connection_.is_usable()) covered_.reset();
  if (Has(needed)) return;
  covered_.reset();
  const auto limit = std::min(deadline, std::chrono::system_clock::now() + kAnswerTime);
  const auto position = query_.Ask(connection_, limit);
  if (!position.ok()) return;
  covered_ = history_.CoveredBy(*position);
  if (!history_.IsFollowedBy(*position)) query_.Leave(connection_);
}

}  // namespace dataservice
