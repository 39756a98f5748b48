// Whether one order explains all that was done to one key: the search of Wing and
// Gong (1993), moment by moment as Lowe (2017) has it, with the states that failed
// remembered.
//
// The state of a key changes only where the answer of some call leaves no choice:
// that is as late as any order may have it, and a state that holds for longer
// explains more reads. Versions of one row follow each other as their times say, so
// what is tried in turn is only which deletion ended a row and which creation began
// the next one. (A deletion that need not find a row is never left without choice: the
// search tries it both ways.)
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "serial_model.h"

namespace dataservice::test {

// "+1.234 ms" since `start`, for messages.
std::string SinceStart(SerialTime time, SerialTime start);

class SerialSearch {
 public:
  // The history outlives it.
  explicit SerialSearch(const KeyHistory& key);

  // Why there is no order, with the history around the answer that no order
  // explains; empty if there is one. `start` is the time of the first call.
  std::string Contradiction(SerialTime start);
  // After it: it came to no end, so that nothing is known.
  bool gave_up() const;

 private:
  struct Event {
    SerialTime time = 0;
    bool returns = false;
    size_t op = 0;
  };

  // What an order has led to.
  struct State {
    static constexpr int kNone = -1;
    // The version; kNone and not hidden: there is no row.
    int version = kNone;
    // A row whose version nobody saw, after `version` if there is one.
    bool hidden = false;
    std::vector<bool> done;
    // Of `done`, those that had an effect. A deletion that need not find a row is
    // done where there is none, and may delete one all the same.
    std::vector<bool> used;
    // Operations that were invoked and have not returned.
    std::vector<size_t> open;
    uint64_t digest = 0;  // of both, for those in `open`

    bool absent() const { return version == kNone && !hidden; }
  };

  bool Continue(State state, size_t event);
  void Close(State& state, size_t op) const;
  bool Branch(const State& state, size_t event);
  // Those that may come next, each with its effect.
  std::vector<State> Successors(const State& state) const;
  void AddDeletions(const State& state, std::vector<State>& out) const;
  void AddCreations(const State& state, std::vector<State>& out) const;
  void AddHidden(const State& state, std::vector<State>& out) const;
  bool CanWrite(const State& state, size_t version) const;
  State After(const State& state, size_t op, int version, bool hidden) const;
  void Observe(State& state) const;
  void MarkDone(State& state, size_t op) const;
  bool Meets(const KeyOp& op, const State& state) const;
  std::string Describe(const KeyOp& op, SerialTime start) const;

  const KeyHistory& key_;
  std::vector<Event> events_;
  std::unordered_set<uint64_t> failed_;
  // The answer that was reached at last, and the state there.
  size_t furthest_ = 0;
  State last_;
};

}  // namespace dataservice::test
