#include "serve/monitoring/slow_statements.h"

#include <algorithm>
#include <functional>

#include "absl/strings/str_format.h"
#include "serve/monitoring/metrics.h"
#include "serve/sql/statement.h"

namespace dataservice {

int64_t SlowStatements::MinuteNumber() const {
  return std::chrono::duration_cast<std::chrono::minutes>(now_().time_since_epoch()).count();
}

void SlowStatements::Add(const BatchExecution& batch, std::chrono::nanoseconds duration) {
  if (batch.statement == nullptr || duration < kSlowBatch) return;
  const int64_t number = MinuteNumber();
  absl::MutexLock lock(&mutex_);
  Minute& minute = minutes_[static_cast<size_t>(number) % kMinutes];
  if (minute.number != number) minute = {.number = number};
  if (minute.by_text.size() >= kMaxTexts && !minute.by_text.contains(batch.statement->text)) return;
  SlowStatement& statement = minute.by_text[batch.statement->text];
  if (statement.batches == 0) {
    statement.text = batch.statement->text;
    statement.id = absl::StrFormat("%016x", std::hash<std::string>()(statement.text));
    statement.method = MethodName(batch.method);
    statement.parameters = batch.statement->parameters.size();
  }
  ++statement.batches;
  statement.operations += batch.operations;
  statement.rows += batch.rows;
  statement.sum += duration;
  statement.longest = std::max(statement.longest, duration);
}

std::vector<SlowStatement> SlowStatements::Slowest(size_t most) const {
  const int64_t number = MinuteNumber();
  absl::flat_hash_map<std::string, SlowStatement> merged;
  {
    absl::MutexLock lock(&mutex_);
    for (const Minute& minute : minutes_) {
      if (minute.number <= number - static_cast<int64_t>(kMinutes)) continue;
      for (const auto& [text, more] : minute.by_text) {
        const auto [entry, added] = merged.emplace(text, more);
        if (added) continue;
        SlowStatement& statement = entry->second;
        statement.batches += more.batches;
        statement.operations += more.operations;
        statement.rows += more.rows;
        statement.sum += more.sum;
        statement.longest = std::max(statement.longest, more.longest);
      }
    }
  }
  std::vector<SlowStatement> slowest;
  for (auto& [text, statement] : merged) slowest.push_back(std::move(statement));
  std::sort(slowest.begin(), slowest.end(),
            [](const auto& a, const auto& b) { return a.sum > b.sum; });
  if (slowest.size() > most) slowest.resize(most);
  return slowest;
}

}  // namespace dataservice
