#include "serve/reader/reader.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "log.h"
#include "serve/reader/reader_sink.h"
#include "view.h"

namespace dataservice {
namespace {

// Positions are kept for longer than the lag that is permitted, to measure a longer one.
constexpr std::chrono::seconds kMargin{5};

uint64_t RandomNumber() {
  std::random_device random;
  return uint64_t{random()} << 32 | random();
}

}  // namespace

bool IsForWriter(const Operation& operation, const absl::Status& status) {
  if (!operation.on_reader || operation.completion->cancelled()) return false;
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:        // away, behind, or a conflict with recovery
    case absl::StatusCode::kResourceExhausted:  // its queue is full
    case absl::StatusCode::kInternal:           // its schema may be older than the contract
      return true;
    case absl::StatusCode::kDeadlineExceeded:  // its part of the time is over, or a
                                               // statement_timeout
      return std::chrono::system_clock::now() < operation.on_reader->deadline;
    default:
      return false;
  }
}

std::unique_ptr<Operation> ForWriter(const Operation& operation) {
  auto repeated = std::make_unique<Operation>(Work(operation.work), operation.lane,
                                              operation.on_reader->deadline);
  repeated->completion = operation.completion;
  repeated->method = operation.method;
  repeated->origin = operation.origin;
  repeated->created = operation.created;
  return repeated;
}

Reader::Reader(const ReaderSettings& settings,
               const std::function<std::unique_ptr<Connection>(Canceller&)>& connect_writer,
               ExecutionObserver* observer)
    : settings_(settings),
      process_(absl::StrCat(NewLogId(), NewLogId(), "-")),
      offset_(RandomNumber()),
      history_(settings.max_lag + kMargin),
      executor_(
          settings.execution,
          [this, observer] {
            auto connection = std::make_unique<Connection>(settings_.database, canceller_, counts_);
            return std::make_unique<ReaderSink>(std::move(connection), history_, observer);
          },
          [this] { canceller_.CancelAll(); }),
      watch_({.writer = connect_writer(watch_canceller_),
              .reader = std::make_unique<Connection>(settings_.database, watch_canceller_, counts_),
              .history = history_,
              .max_lag = settings.max_lag,
              .abandon = [this] { canceller_.CancelAll(); },
              .abort = [this] { watch_canceller_.CancelAll(); }}) {}

bool Reader::Admits(const ReadBound& bound, Operation& operation) {
  const SteadyTime now = std::chrono::steady_clock::now();
  const std::chrono::nanoseconds max_lag = settings_.max_lag;
  SteadyTime must_see = now - std::min(bound.max_staleness.value_or(max_lag), max_lag);
  bool is_known = true;
  if (!bound.token.empty()) {
    const auto moment = MomentOf(bound.token);
    is_known = moment.has_value();
    must_see = std::max(must_see, moment.value_or(must_see));
  }
  const auto covered = watch_.covered();
  if (!is_known || !covered || must_see > *covered) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  operation.on_reader = {.must_see = must_see, .deadline = operation.deadline};
  const auto begin = std::chrono::system_clock::now();
  operation.deadline = begin + (operation.deadline - begin) / 2;
  return true;
}

void Reader::CountAnswer(const absl::Status& status) {
  if (absl::IsCancelled(status) || absl::IsDeadlineExceeded(status)) return;
  answered_.fetch_add(1, std::memory_order_relaxed);
}

std::string Reader::Token() const {
  const auto moment = std::chrono::steady_clock::now().time_since_epoch().count();
  return absl::StrCat(process_, static_cast<uint64_t>(moment) + offset_);
}

std::optional<SteadyTime> Reader::MomentOf(std::string_view token) const {
  absl::string_view text = View(token);
  uint64_t moment = 0;
  if (!absl::ConsumePrefix(&text, process_) || !absl::SimpleAtoi(text, &moment)) {
    return std::nullopt;
  }
  return SteadyTime(SteadyTime::duration(static_cast<SteadyTime::rep>(moment - offset_)));
}

ReaderState Reader::state() const {
  const uint64_t repeated = repeated_.load(std::memory_order_relaxed);
  const auto covered = watch_.covered();
  ReaderState state{.by_reader = answered_.load(std::memory_order_relaxed),
                    .by_writer = refused_.load(std::memory_order_relaxed) + repeated,
                    .repeated = repeated,
                    .database = &counts_};
  if (covered) state.lag = std::chrono::steady_clock::now() - *covered;
  return state;
}

}  // namespace dataservice
