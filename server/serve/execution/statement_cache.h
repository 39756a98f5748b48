// The statements of the shapes in use.
#pragma once

#include <list>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "serve/sql/statement.h"

namespace dataservice {

// Builds the text of a shape once and keeps the most recently used. Thread-safe.
// A statement that was dropped from the cache lives on as long as operations
// hold it.
class StatementCache {
 public:
  explicit StatementCache(size_t capacity) : capacity_(capacity) {}

  std::shared_ptr<const Statement> Get(const Shape& shape);

 private:
  using Entries = std::list<std::shared_ptr<const Statement>>;

  const size_t capacity_;
  absl::Mutex mutex_;
  Entries entries_ ABSL_GUARDED_BY(mutex_);  // most recently used first
  absl::flat_hash_map<Shape, Entries::iterator> by_shape_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice
