#include "serve/reader/reader.h"

#include <algorithm>
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

}  // namespace

bool IsOfReader(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:        // away, behind, or a conflict with recovery
    case absl::StatusCode::kResourceExhausted:  // its queue is full
    case absl::StatusCode::kInternal:           // its schema may be older than the contract
      return true;
    default:
      return false;
  }
}

Reader::Reader(const ReaderSettings& settings,
               const std::function<std::unique_ptr<Connection>(Canceller&)>& connect_writer,
               ExecutionObserver* observer)
    : settings_(settings),
      process_(absl::StrCat(NewLogId(), NewLogId(), "-")),
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
  const bool admits = is_known && must_see <= watch_.covered();
  (admits ? admitted_ : refused_).fetch_add(1, std::memory_order_relaxed);
  if (admits) operation.must_see = must_see;
  return admits;
}

std::string Reader::Token() const {
  return absl::StrCat(process_, std::chrono::steady_clock::now().time_since_epoch().count());
}

std::optional<SteadyTime> Reader::MomentOf(std::string_view token) const {
  absl::string_view text = View(token);
  SteadyTime::rep moment = 0;
  if (!absl::ConsumePrefix(&text, process_) || !absl::SimpleAtoi(text, &moment)) {
    return std::nullopt;
  }
  return SteadyTime(SteadyTime::duration(moment));
}

ReaderState Reader::state() const {
  const uint64_t repeated = repeated_.load(std::memory_order_relaxed);
  const SteadyTime covered = watch_.covered();
  ReaderState state{.by_reader = admitted_.load(std::memory_order_relaxed) - repeated,
                    .by_writer = refused_.load(std::memory_order_relaxed) + repeated,
                    .repeated = repeated,
                    .database = &counts_};
  if (covered != SteadyTime()) state.lag = std::chrono::steady_clock::now() - covered;
  return state;
}

}  // namespace dataservice
