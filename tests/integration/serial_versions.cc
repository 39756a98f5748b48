#include "serial_versions.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace dataservice::test {
namespace {

constexpr SerialField kFields[] = {kSmall, kBig, kParent};

bool SameField(unsigned field, const SerialRow& a, const SerialRow& b) {
  switch (field) {
    case kSmall:
      return a.small == b.small;
    case kBig:
      return a.big == b.big;
    case kParent:
      return a.parent == b.parent;
    default:
      return a.etag == b.etag;
  }
}

void CopyField(unsigned field, const SerialRow& from, SerialRow& to) {
  if (field == kSmall) to.small = from.small;
  if (field == kBig) to.big = from.big;
  if (field == kParent) to.parent = from.parent;
  if (field == kEtag) to.etag = from.etag;
  to.shown |= field;
}

std::string Describe(const SerialRow& row) {
  return absl::StrCat(row.key, " w", row.tag, " (made ", row.made, ", changed ", row.changed, ")");
}

}  // namespace

SerialVersions::SerialVersions(const std::vector<SerialCall>& history,
                               const std::vector<SerialUnit>& units,
                               std::vector<std::string>& contradictions)
    : history_(history), units_(units), contradictions_(contradictions) {
  LearnTags();
  for (const SerialCall& call : history_) {
    for (const SerialRow& row : call.rows) Learn(row, call);
  }
  CheckAnswers();
  CheckContent();
}

void SerialVersions::LearnTags() {
  for (size_t i = 0; i < units_.size(); ++i) {
    const auto& writes = units_[i].call->writes;
    for (size_t j = 0; j < writes.size(); ++j) {
      if (writes[j].kind != SerialWrite::kDelete) writers_[writes[j].tag] = {i, j};
    }
  }
}

void SerialVersions::Learn(const SerialRow& row, const SerialCall& call) {
  const auto writer = writers_.find(row.tag);
  if (writer == writers_.end()) {
    Say(absl::StrCat(call.what, " shows ", Describe(row), ", which no write that was done made"));
    return;
  }
  const SerialWrite& write = units_[writer->second.unit].call->writes[writer->second.write];
  if (!write.key.empty() && write.key != row.key) {
    Say(absl::StrCat(call.what, " shows ", Describe(row), ", but that was written to ", write.key));
    return;
  }
  const auto [version, added] = rows_[row.key].try_emplace({row.made, row.changed}, row);
  SerialRow& known = version->second;
  if (known.tag != row.tag) {
    Say(absl::StrCat("one version, two writes: ", Describe(known), " and ", Describe(row)));
    return;
  }
  for (const unsigned field : {+kSmall, +kBig, +kParent, +kEtag}) {
    if ((row.shown & field) == 0) continue;
    if ((known.shown & field) == 0) {
      CopyField(field, row, known);
    } else if (!SameField(field, row, known)) {
      Say(absl::StrCat(call.what, " shows ", Describe(row), " unlike another call"));
    }
  }
  const auto [at, earliest] = seen_at_.try_emplace(row.tag, call.returned);
  if (!earliest) at->second = std::min(at->second, call.returned);
  const auto [seen, first] = seen_.try_emplace(row.tag, &known);
  if (!first && seen->second != &known) {
    Say(absl::StrCat("one write, done twice: ", Describe(*seen->second), " and ", Describe(known)));
  }
}

// Each row of a write's answer is that write's.
void SerialVersions::CheckAnswers() {
  for (const SerialCall& call : history_) {
    if (call.writes.empty() || call.rows.empty()) continue;
    bool own = call.rows.size() == call.writes.size();
    for (size_t i = 0; own && i < call.rows.size(); ++i) {
      own = call.rows[i].tag == call.writes[i].tag;
    }
    if (!own) Say(absl::StrCat(call.what, " of w", call.writes[0].tag, " answers other rows"));
  }
}

void SerialVersions::CheckContent() {
  for (auto& [key, rows] : rows_) {
    const SerialRow* before = nullptr;
    for (auto& [times, row] : rows) {
      CheckContent(before != nullptr && before->made == row.made ? before : nullptr, row);
      before = &row;
    }
  }
}

// `before` is the version that the row had before, if anybody saw it.
void SerialVersions::CheckContent(const SerialRow* before, SerialRow& row) {
  const auto& [unit, place] = writers_.at(row.tag);
  const SerialCall& call = *units_[unit].call;
  const SerialWrite& write = call.writes[place];
  const bool created = row.made == row.changed;
  if (write.kind != SerialWrite::kUpsert && created != (write.kind == SerialWrite::kCreate)) {
    Say(absl::StrCat(call.what, " of ", Describe(row), created ? " created" : " changed",
                     " a row"));
  }
  if (call.created && *call.created != created) {
    Say(absl::StrCat(call.what, " of ", Describe(row), " says the opposite of created"));
  }
  if (!write.etag.empty() && (before == nullptr || before->etag != write.etag)) {
    Say(absl::StrCat(call.what, " of ", Describe(row), " asks for ", write.etag,
                     " and was done on ",
                     before == nullptr ? "what nobody saw" : Describe(*before)));
  }
  for (const unsigned field : kFields) {
    const SerialRow* source = created || (write.fields & field) != 0 ? &write.sent : before;
    if (source == nullptr || (source->shown & field) == 0) continue;
    if ((row.shown & field) == 0) {
      CopyField(field, *source, row);
    } else if (!SameField(field, *source, row) &&
               (source != before || !MayBeOfHidden(row.key, field, row))) {
      Say(absl::StrCat(Describe(row), " has not the ", field == kParent ? "parent" : "number",
                       " of ", source == before ? Describe(*before) : "its write"));
    }
  }
}

// Whether the value is that of a write that may have been done, unseen.
bool SerialVersions::MayBeOfHidden(const std::string& key, unsigned field,
                                   const SerialRow& row) const {
  return std::any_of(units_.begin(), units_.end(), [&](const SerialUnit& unit) {
    const auto& writes = unit.call->writes;
    return !unit.done && std::any_of(writes.begin(), writes.end(), [&](const SerialWrite& write) {
      return write.key == key && write.tag != 0 && !IsSeen(write.tag) &&
             (write.fields & field) != 0 && SameField(field, write.sent, row);
    });
  });
}

SerialTime SerialVersions::SeenAt(int64_t tag) const {
  const auto found = seen_at_.find(tag);
  return found == seen_at_.end() ? kNever : found->second;
}

std::string SerialVersions::KeyOf(int64_t tag) const {
  const auto found = seen_.find(tag);
  return found == seen_.end() ? "" : found->second->key;
}

size_t SerialVersions::PlaceOf(const SerialRow& row) const {
  const auto& rows = rows_.at(row.key);
  return static_cast<size_t>(std::distance(rows.begin(), rows.find({row.made, row.changed})));
}

void SerialVersions::MoveTo(std::map<std::string, KeyHistory>& keys) {
  for (const auto& [key, rows] : rows_) {
    KeyHistory& history = keys[key];
    history.key = key;
    for (const auto& [times, row] : rows) {
      history.versions.push_back({row, row.made == row.changed});
    }
  }
}

}  // namespace dataservice::test
