#include "serve/reader/writer_history.h"

#include <algorithm>
#include <utility>

namespace dataservice {

void WriterHistory::Add(SteadyTime time, DatabasePosition position) {
  absl::MutexLock lock(&mutex_);
  entries_.push_back({time, std::move(position)});
  while (entries_.front().time < time - length_) entries_.pop_front();
}

std::optional<SteadyTime> WriterHistory::CoveredBy(const DatabasePosition& reader) const {
  absl::MutexLock lock(&mutex_);
  const auto found = std::find_if(entries_.rbegin(), entries_.rend(), [&](const Entry& entry) {
    return Covers(reader, entry.position);
  });
  if (found == entries_.rend()) return std::nullopt;
  return found->time;
}

bool WriterHistory::IsFollowedBy(const DatabasePosition& reader) const {
  absl::MutexLock lock(&mutex_);
  return entries_.empty() || entries_.back().position.timeline == reader.timeline;
}

}  // namespace dataservice
