#include "serial_search.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace dataservice::test {
namespace {

// States that fail before the search gives up: more than most histories have, but calls
// that last for seconds can be in very many orders.
constexpr size_t kMaxFailed = 1'000'000;

// Operations around a contradiction that are told.
constexpr size_t kTold = 16;

// Spreads a number over 64 bits (splitmix64).
uint64_t Mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

}  // namespace

std::string SinceStart(SerialTime time, SerialTime start) {
  if (time == kNever) return "never";
  return absl::StrFormat("+%.3f ms", static_cast<double>(time - start) / 1e6);
}

SerialSearch::SerialSearch(const KeyHistory& key) : key_(key) {
  for (size_t i = 0; i < key_.ops.size(); ++i) {
    events_.push_back({key_.ops[i].invoked, false, i});
    if (key_.ops[i].returned != kNever) events_.push_back({key_.ops[i].returned, true, i});
  }
  std::sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
    return std::tie(a.time, a.returns, a.op) < std::tie(b.time, b.returns, b.op);
  });
}

bool SerialSearch::Meets(const KeyOp& op, const State& state) const {
  const auto version = static_cast<size_t>(state.version);
  switch (op.kind) {
    case KeyOp::kWrite:
    case KeyOp::kHidden:
      return false;
    case KeyOp::kDelete:
      return op.allow_missing && !op.optional && state.absent();
    case KeyOp::kSee:
      return !state.hidden && state.version == static_cast<int>(op.version);
    case KeyOp::kSeeAbsent:
      return state.absent();
    case KeyOp::kSeePresent:
      return !state.absent();
    case KeyOp::kSeeOther:
      return state.hidden || (!state.absent() && key_.versions[version].row.etag != op.etag);
    case KeyOp::kNotListed:
      return state.absent() || state.hidden || !op.call->listing->shows(key_.versions[version].row);
  }
  return false;
}

void SerialSearch::MarkDone(State& state, size_t op) const {
  state.done[op] = true;
  state.digest ^= Mix(op);
}

void SerialSearch::Observe(State& state) const {
  for (const size_t op : state.open) {
    if (!state.done[op] && Meets(key_.ops[op], state)) MarkDone(state, op);
  }
}

SerialSearch::State SerialSearch::After(const State& state, size_t op, int version,
                                        bool hidden) const {
  State next = state;
  next.version = version;
  next.hidden = hidden;
  if (!next.done[op]) MarkDone(next, op);
  next.used[op] = true;
  next.digest ^= Mix(op + key_.ops.size());
  Observe(next);
  return next;
}

bool SerialSearch::CanWrite(const State& state, size_t version) const {
  const size_t op = key_.versions[version].op;
  const bool open = std::find(state.open.begin(), state.open.end(), op) != state.open.end();
  return open && !state.done[op] && (key_.ops[op].etag.empty() || !state.hidden);
}

// Of deletions alike, that which returns first: any other may as well come later.
void SerialSearch::AddDeletions(const State& state, std::vector<State>& out) const {
  std::vector<size_t> candidates;
  std::optional<size_t> first[3];
  for (const size_t op : state.open) {
    const KeyOp& deletion = key_.ops[op];
    if (deletion.kind != KeyOp::kDelete || state.used[op]) continue;
    if (!deletion.etag.empty()) {
      const bool matches =
          !state.hidden &&
          key_.versions[static_cast<size_t>(state.version)].row.etag == deletion.etag;
      if (matches) candidates.push_back(op);
      continue;
    }
    auto& best = first[deletion.optional ? 2 : (deletion.allow_missing ? 1 : 0)];
    if (!best || deletion.returned < key_.ops[*best].returned) best = op;
  }
  for (const auto& best : first) {
    if (best) candidates.push_back(*best);
  }
  for (const size_t op : candidates) out.push_back(After(state, op, State::kNone, false));
}

void SerialSearch::AddCreations(const State& state, std::vector<State>& out) const {
  for (size_t i = 0; i < key_.versions.size(); ++i) {
    const SerialVersion& version = key_.versions[i];
    if (version.creates && CanWrite(state, i)) {
      out.push_back(After(state, version.op, static_cast<int>(i), false));
    }
  }
}

// Writes that nobody saw: those that were done, and then one of those that may have been.
void SerialSearch::AddHidden(const State& state, std::vector<State>& out) const {
  std::optional<size_t> first[2];
  for (const size_t op : state.open) {
    const KeyOp& write = key_.ops[op];
    if (write.kind != KeyOp::kHidden || state.done[op]) continue;
    if (!(state.absent() ? write.may_create : write.may_change)) continue;
    if (write.optional && state.hidden) continue;  // it would explain nothing more
    auto& best = first[write.optional ? 1 : 0];
    if (!best || write.returned < key_.ops[*best].returned) best = op;
  }
  for (const auto& best : first) {
    if (best) out.push_back(After(state, *best, state.version, true));
  }
}

std::vector<SerialSearch::State> SerialSearch::Successors(const State& state) const {
  std::vector<State> out;
  if (state.absent()) {
    AddCreations(state, out);
    AddHidden(state, out);
    return out;
  }
  if (state.version != State::kNone) {
    const auto version = static_cast<size_t>(state.version);
    if (key_.IsFollowed(version)) {
      if (CanWrite(state, version + 1)) {
        out.push_back(After(state, key_.versions[version + 1].op, state.version + 1, false));
      }
    } else {
      AddDeletions(state, out);
    }
    AddHidden(state, out);
    return out;
  }
  // A row whose creation nobody saw may have later versions that somebody did.
  for (size_t i = 0; i < key_.versions.size(); ++i) {
    const bool first = i == 0 || !key_.IsFollowed(i - 1);
    if (first && !key_.versions[i].creates && CanWrite(state, i)) {
      out.push_back(After(state, key_.versions[i].op, static_cast<int>(i), false));
    }
  }
  AddDeletions(state, out);
  AddHidden(state, out);
  return out;
}

void SerialSearch::Close(State& state, size_t op) const {
  std::erase(state.open, op);
  // What it was makes no difference any more.
  state.digest ^= Mix(op);
  if (state.used[op]) state.digest ^= Mix(op + key_.ops.size());
}

bool SerialSearch::Continue(State state, size_t event) {
  for (; event < events_.size(); ++event) {
    const size_t op = events_[event].op;
    if (!events_[event].returns) {
      state.open.push_back(op);
      if (Meets(key_.ops[op], state)) MarkDone(state, op);
      continue;
    }
    if (!state.done[op]) return Branch(state, event);
    // Such a deletion may go as it came, or delete what is there at last.
    if (key_.ops[op].kind == KeyOp::kDelete && !state.used[op]) {
      State gone = state;
      Close(gone, op);
      return Continue(std::move(gone), event + 1) || Branch(state, event);
    }
    Close(state, op);
  }
  return true;
}

bool SerialSearch::Branch(const State& state, size_t event) {
  const uint64_t name = Mix(state.digest ^ Mix(event) ^
                            Mix(static_cast<uint64_t>(state.version * 2 + state.hidden + 2) << 32));
  if (failed_.contains(name) || failed_.size() > kMaxFailed) return false;
  if (event > furthest_ && !state.done[events_[event].op]) {
    furthest_ = event;
    last_ = state;
  }
  for (State& next : Successors(state)) {
    if (Continue(std::move(next), event)) return true;
  }
  failed_.insert(name);
  return false;
}

std::string SerialSearch::Describe(const KeyOp& op, SerialTime start) const {
  std::string out = absl::StrCat("  ", SinceStart(op.invoked, start), " .. ",
                                 SinceStart(op.returned, start), " ", op.call->what);
  const auto of = [&](size_t version) {
    const SerialRow& row = key_.versions[version].row;
    return absl::StrCat(" w", row.tag, " at ", row.changed, " of the row made at ", row.made);
  };
  switch (op.kind) {
    case KeyOp::kWrite:
      absl::StrAppend(&out, " wrote", of(op.version));
      break;
    case KeyOp::kHidden:
      absl::StrAppend(&out, op.optional ? " may have written, unseen" : " wrote, unseen");
      break;
    case KeyOp::kDelete:
      absl::StrAppend(&out, op.optional ? " may have deleted" : " deleted");
      break;
    case KeyOp::kSee:
      absl::StrAppend(&out, " saw", of(op.version));
      break;
    case KeyOp::kSeeAbsent:
      absl::StrAppend(&out, " found no row");
      break;
    case KeyOp::kSeePresent:
      absl::StrAppend(&out, " found a row");
      break;
    case KeyOp::kSeeOther:
      absl::StrAppend(&out, " found a row not at its version");
      break;
    case KeyOp::kNotListed:
      absl::StrAppend(&out, " did not list it");
  }
  if (!op.etag.empty()) absl::StrAppend(&out, ", under ", op.etag);
  return out;
}

bool SerialSearch::gave_up() const { return failed_.size() > kMaxFailed; }

std::string SerialSearch::Contradiction(SerialTime start) {
  State state;
  state.done.resize(key_.ops.size());
  state.used.resize(key_.ops.size());
  if (Continue(std::move(state), 0)) return "";
  const KeyOp& op = key_.ops[events_[furthest_].op];
  std::string out = absl::StrCat("no order explains, of ", key_.key, ",\n", Describe(op, start),
                                 gave_up() ? " (the search gave up)" : "", "\nafter ");
  if (last_.version != State::kNone) {
    const SerialRow& row = key_.versions[static_cast<size_t>(last_.version)].row;
    absl::StrAppend(&out, "w", row.tag, " at ", row.changed,
                    last_.hidden ? " and what nobody saw" : "");
  } else {
    absl::StrAppend(&out, last_.hidden ? "a creation that nobody saw" : "no row");
  }
  absl::StrAppend(&out, ". About then:");
  // The nearest before and after, in the order of their answers.
  size_t told = 0;
  for (size_t i = furthest_ > 3 * kTold ? furthest_ - 3 * kTold : 0;
       i < events_.size() && told < kTold; ++i) {
    const KeyOp& near = key_.ops[events_[i].op];
    const bool last = near.returned == kNever || events_[i].returns;
    if (!last || near.returned < op.invoked || near.invoked > op.returned ||
        near.kind == KeyOp::kNotListed) {
      continue;
    }
    absl::StrAppend(&out, "\n", Describe(near, start));
    ++told;
  }
  return out;
}

}  // namespace dataservice::test
