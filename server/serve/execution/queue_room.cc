#include "serve/execution/queue_room.h"

namespace dataservice {

QueueRoom::Amount& QueueRoom::Amount::operator+=(const Amount& other) {
  operations += other.operations;
  bytes += other.bytes;
  return *this;
}

QueueRoom::Amount& QueueRoom::Amount::operator-=(const Amount& other) {
  operations -= other.operations;
  bytes -= other.bytes;
  return *this;
}

QueueRoom::QueueRoom(size_t operations, size_t bytes)
    : limit_{static_cast<int64_t>(operations), static_cast<int64_t>(bytes)} {}

QueueRoom::Amount QueueRoom::AmountOf(const Operation& operation) {
  return {1, static_cast<int64_t>(operation.bytes())};
}

QueueRoom::Amount QueueRoom::Find(const Amounts& amounts, uint64_t number) {
  const auto found = amounts.find(number);
  return found == amounts.end() ? Amount() : found->second;
}

bool QueueRoom::IsFullFor(const Operation& operation) const {
  if (all_.operations == 0) return limit_.operations == 0;
  const int64_t bytes = AmountOf(operation).bytes;
  const Amount free{limit_.operations - all_.operations, limit_.bytes - all_.bytes - bytes};
  const auto exceeds = [&](const Amount& waiting, int64_t share) {
    return waiting.operations >= share * free.operations ||
           waiting.bytes + bytes > share * free.bytes;
  };
  if (exceeds(Find(callers_, operation.origin.caller), kCallerShare)) return true;
  const uint64_t client = operation.origin.client;
  return client != 0 && exceeds(Find(clients_, client), kClientShare);
}

void QueueRoom::Enter(const Operation& operation) {
  const Amount amount = AmountOf(operation);
  all_ += amount;
  callers_[operation.origin.caller] += amount;
  if (operation.origin.client != 0) clients_[operation.origin.client] += amount;
}

void QueueRoom::Leave(const Operation& operation) {
  const Amount amount = AmountOf(operation);
  all_ -= amount;
  Remove(amount, operation.origin.caller, callers_);
  if (operation.origin.client != 0) Remove(amount, operation.origin.client, clients_);
}

void QueueRoom::Remove(const Amount& amount, uint64_t number, Amounts& amounts) {
  const auto entry = amounts.find(number);
  entry->second -= amount;
  if (entry->second.operations == 0) amounts.erase(entry);
}

}  // namespace dataservice
