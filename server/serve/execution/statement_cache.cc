#include "serve/execution/statement_cache.h"

namespace dataservice {

std::shared_ptr<const Statement> StatementCache::Get(const Shape& shape) {
  absl::MutexLock lock(&mutex_);
  const auto found = by_shape_.find(shape);
  if (found != by_shape_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return entries_.front();
  }
  entries_.push_front(std::make_shared<const Statement>(BuildStatement(shape)));
  by_shape_.emplace(shape, entries_.begin());
  if (entries_.size() > capacity_) {
    by_shape_.erase(entries_.back()->shape);
    entries_.pop_back();
  }
  return entries_.front();
}

}  // namespace dataservice
