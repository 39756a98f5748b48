// The statements of the shapes in use.
#pragma once

#include <list>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/synchronization/mutex.h"
#include "serve/sql/statement.h"

namespace dataservice {

// Builds the text of a shape once and keeps the most recently used. Thread-safe.
// A statement that is no longer in the cache lives as long as an operation has it.
class StatementCache {
 public:
  explicit StatementCache(size_t capacity) : capacity_(capacity) {}

  std::shared_ptr<const Statement> Get(const Shape& shape);

 private:
  struct Hash {
    size_t operator()(const Shape& shape) const {
      return std::visit([&](const auto& s) { return absl::HashOf(shape.index(), s); }, shape);
    }
  };
  using Entries = std::list<std::shared_ptr<const Statement>>;

  const size_t capacity_;
  absl::Mutex mutex_;
  Entries entries_ ABSL_GUARDED_BY(mutex_);  // most recently used first
  absl::flat_hash_map<Shape, Entries::iterator, Hash> by_shape_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice
