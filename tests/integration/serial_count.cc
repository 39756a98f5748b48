#include "serial_count.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "serial_search.h"

namespace dataservice::test {
namespace {

struct Bounds {
  int64_t least = 0;
  int64_t most = 0;
};

const KeyOp& WriteOf(const KeyHistory& key, size_t version) {
  return key.ops[key.versions[version].op];
}

// Whether the version was surely replaced, by a later one of its row, before.
bool IsPast(const KeyHistory& key, size_t version, SerialTime time) {
  for (; key.IsFollowed(version); ++version) {
    if (WriteOf(key, version + 1).returned < time) return true;
  }
  return false;
}

// Of one key, what may have ended a row or have left one that nobody saw.
struct Doubts {
  const KeyHistory* key = nullptr;
  std::vector<const KeyOp*> deletions;
  SerialTime first_hidden = kNever;
};

Doubts DoubtsOf(const KeyHistory& key) {
  Doubts doubts{.key = &key};
  for (const KeyOp& op : key.ops) {
    if (op.kind == KeyOp::kDelete) doubts.deletions.push_back(&op);
    if (op.kind == KeyOp::kHidden) doubts.first_hidden = std::min(doubts.first_hidden, op.invoked);
  }
  return doubts;
}

// Whether a deletion may have ended the row that has the version before the call was over.
bool MayBeGone(const Doubts& doubts, const KeyOp& write, const SerialCall& call) {
  return std::any_of(doubts.deletions.begin(), doubts.deletions.end(), [&](const KeyOp* deletion) {
    return deletion->returned > write.invoked && deletion->invoked < call.returned;
  });
}

void AddKey(const Doubts& doubts, const SerialCall& call, Bounds& bounds) {
  const KeyHistory& key = *doubts.key;
  bool surely = false;  // a row is there all the time
  bool may = false;
  bool may_not = false;
  for (size_t i = 0; i < key.versions.size(); ++i) {
    const KeyOp& write = WriteOf(key, i);
    if (write.invoked > call.returned || IsPast(key, i, call.invoked)) continue;
    (call.count->counts(key.versions[i].row) ? may : may_not) = true;
    if (write.returned < call.invoked && !MayBeGone(doubts, write, call)) surely = true;
  }
  // A row that nobody saw may be of any kind.
  if (doubts.first_hidden < call.returned) may = may_not = true;
  if (may) ++bounds.most;
  if (may && surely && !may_not) ++bounds.least;
}

}  // namespace

std::vector<std::string> CheckCounts(const SerialModel& model,
                                     const std::vector<SerialCall>& history, SerialTime start) {
  std::vector<std::string> out;
  std::vector<Doubts> keys;
  for (const auto& [name, key] : model.keys) keys.push_back(DoubtsOf(key));
  for (const SerialCall& call : history) {
    if (!call.count || call.outcome != SerialCall::kDone) continue;
    Bounds bounds;
    for (const Doubts& key : keys) AddKey(key, call, bounds);
    if (call.count->count < bounds.least || call.count->count > bounds.most) {
      out.push_back(absl::StrCat(call.what, " (", SinceStart(call.invoked, start), " .. ",
                                 SinceStart(call.returned, start), ") counts ", call.count->count,
                                 "; at least ", bounds.least, " and at most ", bounds.most,
                                 " were there"));
    }
  }
  return out;
}

}  // namespace dataservice::test
