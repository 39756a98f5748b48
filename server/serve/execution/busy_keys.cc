#include "serve/execution/busy_keys.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/hash/hash.h"
#include "serve/execution/abandoned.h"

namespace dataservice {
namespace {

using OwnKeys = absl::InlinedVector<uint64_t, 2>;

void Append(const std::optional<Claim>& claim, OwnKeys& keys) {
  if (claim) keys.push_back(absl::HashOf(claim->stored_id));
}

void Append(const WriteWork& work, OwnKeys& keys) {
  const Resource* const resource = &ResourceOf(work.statement->shape);
  keys.push_back(absl::HashOf(resource, PrimaryKeyOf(work)));
  Append(work.claim, keys);
}

void Append(const BatchWriteWork& work, OwnKeys& keys) {
  for (const WriteWork& write : work.writes) Append(write, keys);
  Append(work.claim, keys);
}

void Append(const auto&, OwnKeys&) {}

OwnKeys KeysOf(const Operation& operation) {
  OwnKeys keys;
  std::visit([&](const auto& work) { Append(work, keys); }, operation.work);
  return keys;
}

}  // namespace

bool BusyKeys::IsBusy(const Operation& operation) const {
  const OwnKeys keys = KeysOf(operation);
  return std::any_of(keys.begin(), keys.end(), [&](uint64_t k) { return waiting_.contains(k); });
}

void BusyKeys::Occupy(std::unique_ptr<Operation>& operation, Keys& keys) {
  const OwnKeys own = KeysOf(*operation);
  for (const uint64_t key : own) {
    const auto busy = waiting_.find(key);
    if (busy == waiting_.end()) continue;
    busy->second.push_back(std::move(operation));
    return;
  }
  for (const uint64_t key : own) waiting_.try_emplace(key);
  keys.insert(keys.end(), own.begin(), own.end());
}

Batch BusyKeys::Release(const Keys& keys) {
  Batch released;
  for (const uint64_t key : keys) {
    const auto busy = waiting_.find(key);
    if (busy == waiting_.end()) continue;
    std::move(busy->second.begin(), busy->second.end(), std::back_inserter(released));
    waiting_.erase(busy);
  }
  return released;
}

void BusyKeys::TakeAbandoned(Operation::TimePoint now, Batch& abandoned) {
  for (auto& [key, operations] : waiting_) dataservice::TakeAbandoned(operations, now, abandoned);
}

}  // namespace dataservice
