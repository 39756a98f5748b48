#include "serial_units.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"

namespace dataservice::test {
namespace {

using Calls = std::vector<const SerialCall*>;

SerialUnit UnitOf(const SerialCall& call) {
  return {call.invoked, call.returned, call.outcome == SerialCall::kDone, &call};
}

// Of calls that all may have done it; at least one.
SerialUnit UnitOf(const Calls& calls) {
  SerialUnit unit = UnitOf(*calls.front());
  for (const SerialCall* call : calls) {
    unit.invoked = std::min(unit.invoked, call->invoked);
    unit.returned = std::min(unit.returned, call->returned);
    if (call->outcome == SerialCall::kDone && !unit.done) {
      unit.done = true;
      unit.call = call;
    }
  }
  return unit;
}

bool IsReuse(const SerialCall& call) {
  return call.outcome == SerialCall::kRefused && call.refusal == Refusal::kIdReused;
}

// The calls of one request_id.
class Group {
 public:
  Group(const std::string& id, std::vector<std::string>& contradictions)
      : id_(id), contradictions_(contradictions) {}

  void Add(const SerialCall& call) {
    if (call.outcome == SerialCall::kRefused) {
      refused_.push_back(&call);
    } else {
      by_request_[call.request].push_back(&call);
    }
  }

  void Conclude(std::vector<SerialUnit>& units) {
    size_t done = 0;
    for (const auto& [request, calls] : by_request_) {
      CompareAnswers(calls);
      units.push_back(UnitOf(calls));
      if (units.back().done) ++done;
    }
    if (done > 1) Say("names several requests that were done");
    for (const SerialCall* call : refused_) {
      if (IsReuse(*call)) {
        CheckReuse(*call);
      } else {
        CheckRefusal(*call);
      }
    }
  }

 private:
  void Say(const std::string& what) {
    contradictions_.push_back(absl::StrCat("request_id ", id_, " ", what));
  }

  void CompareAnswers(const Calls& calls) {
    const SerialCall* first = nullptr;
    for (const SerialCall* call : calls) {
      if (call->outcome != SerialCall::kDone) continue;
      if (first == nullptr) first = call;
      if (call->answer != first->answer || call->created != first->created) {
        Say(absl::StrCat("of a ", call->what, " has two answers"));
        return;
      }
    }
  }

  // Another request may have had the id by the time of the answer.
  void CheckReuse(const SerialCall& call) {
    for (const auto& [request, calls] : by_request_) {
      if (request != call.request && UnitOf(calls).invoked < call.returned) return;
    }
    Say("is said to be another request's, but is none's");
  }

  // Nothing but the first answer is right once there is one.
  void CheckRefusal(const SerialCall& call) {
    for (const auto& [request, calls] : by_request_) {
      if (UnitOf(calls).returned < call.invoked) {
        Say(absl::StrCat("was done, and a ", call.what, " of it later refused"));
      }
    }
  }

  const std::string& id_;
  std::vector<std::string>& contradictions_;
  std::map<std::string, Calls> by_request_;
  Calls refused_;
};

}  // namespace

std::vector<SerialUnit> UnitsOf(const std::vector<SerialCall>& history,
                                std::vector<std::string>& contradictions) {
  std::vector<SerialUnit> units;
  std::map<std::string, Group> groups;
  for (const SerialCall& call : history) {
    if (call.writes.empty()) continue;
    if (!call.request_id.empty()) {
      groups.try_emplace(call.request_id, call.request_id, contradictions).first->second.Add(call);
    } else if (call.outcome != SerialCall::kRefused) {
      units.push_back(UnitOf(call));
    }
  }
  for (auto& [id, group] : groups) group.Conclude(units);
  return units;
}

}  // namespace dataservice::test
