#include "serial_model.h"

#include <algorithm>
#include <unordered_set>

#include "absl/strings/str_cat.h"
#include "serial_versions.h"

namespace dataservice::test {
namespace {

// The operations of all keys.
class Operations {
 public:
  Operations(const SerialVersions& versions, SerialModel& model)
      : versions_(versions), model_(model) {}

  void Add(const SerialUnit& unit) {
    const SerialCall& call = *unit.call;
    // All or nothing: what was seen of a batch says that all of it was done.
    SerialTime seen = kNever;
    for (const SerialWrite& write : call.writes) {
      if (write.tag != 0) seen = std::min(seen, versions_.SeenAt(write.tag));
    }
    for (const SerialWrite& write : call.writes) {
      KeyOp op{.invoked = unit.invoked, .returned = unit.returned, .call = &call};
      op.optional = !unit.done && seen == kNever;
      op.returned = std::min(op.returned, seen);
      AddWrite(write, op);
    }
  }

  void AddRefusal(const SerialCall& call) {
    if (!call.element) return;
    KeyOp op{.invoked = call.invoked, .returned = call.returned, .call = &call};
    const SerialWrite* write = call.writes.empty() ? nullptr : &call.writes[*call.element];
    std::string key = write != nullptr ? write->key : call.keys[*call.element];
    switch (call.refusal) {
      case Refusal::kIdReused:
        return;
      case Refusal::kAbsent:
        op.kind = KeyOp::kSeeAbsent;
        break;
      case Refusal::kNoParent:
        op.kind = KeyOp::kSeeAbsent;
        key = write->sent.parent;
        if (key.empty()) Say(absl::StrCat(call.what, " is refused for a parent, but names none"));
        break;
      case Refusal::kPresent:
      case Refusal::kHeld:
        op.kind = KeyOp::kSeePresent;
        break;
      case Refusal::kOtherVersion:
        op.kind = KeyOp::kSeeOther;
        op.etag = write->etag;
    }
    Add(key, op);
  }

  void AddRead(const SerialCall& call) {
    for (size_t i = 0; i < call.keys.size(); ++i) {
      if (i >= call.rows.size() || call.rows[i].key != call.keys[i]) {
        Say(absl::StrCat(call.what, " of ", call.keys[i], " answers another row"));
      }
    }
    for (const SerialRow& row : call.rows) {
      if (!versions_.IsSeen(row.tag)) continue;  // said before
      KeyOp op{.invoked = call.invoked, .returned = call.returned, .call = &call};
      op.version = versions_.PlaceOf(row);
      Add(row.key, op);
    }
    if (call.listing) AddListing(call);
  }

 private:
  void Say(const std::string& what) { model_.contradictions.push_back(what); }

  void Add(const std::string& key, const KeyOp& op) {
    KeyHistory& history = model_.keys[key];
    history.key = key;
    if (op.kind == KeyOp::kWrite) history.versions[op.version].op = history.ops.size();
    history.ops.push_back(op);
  }

  void AddWrite(const SerialWrite& write, KeyOp op) {
    const std::string key = write.key.empty() ? versions_.KeyOf(write.tag) : write.key;
    op.etag = write.etag;
    if (write.kind == SerialWrite::kDelete) {
      op.kind = KeyOp::kDelete;
      op.allow_missing = write.allow_missing;
    } else if (versions_.IsSeen(write.tag)) {
      op.kind = KeyOp::kWrite;
      op.version = versions_.PlaceOf(*versions_.Find(write.tag));
    } else if (key.empty()) {
      if (!op.optional)
        Say(absl::StrCat(op.call->what, " of w", write.tag, " was done, but left nothing"));
      return;
    } else {
      op.kind = KeyOp::kHidden;
      op.may_create = write.kind != SerialWrite::kUpdate;
      op.may_change = write.kind != SerialWrite::kCreate;
    }
    Add(key, op);
    // Whoever refers to a parent found it.
    if (op.optional || write.sent.parent.empty() || (write.fields & kParent) == 0) return;
    op.kind = KeyOp::kSeePresent;
    Add(write.sent.parent, op);
  }

  void AddListing(const SerialCall& call) {
    std::unordered_set<std::string> keys;
    for (size_t i = 0; i < call.rows.size(); ++i) {
      const SerialRow& row = call.rows[i];
      if (!keys.insert(row.key).second) Say(absl::StrCat(call.what, " shows ", row.key, " twice"));
      if (!call.listing->shows(row))
        Say(absl::StrCat(call.what, " shows w", row.tag, " of ", row.key,
                         " against its filter or beside its page"));
      if (i > 0 && !call.listing->before(call.rows[i - 1], row)) {
        Say(absl::StrCat(call.what, " shows ", row.key, " out of order"));
      }
    }
    KeyOp op{.kind = KeyOp::kNotListed};
    op.invoked = call.invoked;
    op.returned = call.returned;
    op.call = &call;
    for (auto& [key, history] : model_.keys) {
      const auto& versions = history.versions;
      if (keys.contains(key)) continue;
      const bool might = std::any_of(versions.begin(), versions.end(), [&](const auto& version) {
        return call.listing->shows(version.row);
      });
      if (might) history.ops.push_back(op);
    }
  }

  const SerialVersions& versions_;
  SerialModel& model_;
};

}  // namespace

SerialModel BuildModel(const std::vector<SerialCall>& history) {
  SerialModel model;
  const std::vector<SerialUnit> units = UnitsOf(history, model.contradictions);
  SerialVersions versions(history, units, model.contradictions);
  versions.MoveTo(model.keys);
  Operations operations(versions, model);
  for (const SerialUnit& unit : units) operations.Add(unit);
  for (const SerialCall& call : history) {
    if (call.outcome == SerialCall::kRefused) operations.AddRefusal(call);
    if (call.outcome == SerialCall::kDone && call.writes.empty()) operations.AddRead(call);
  }
  return model;
}

}  // namespace dataservice::test
