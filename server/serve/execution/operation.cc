#include "serve/execution/operation.h"

#include "serve/errors/errors.h"

namespace dataservice {
namespace {

template <typename Elements>
size_t BytesOfElements(const Elements& elements) {
  size_t sum = 0;
  for (const auto& element : elements) sum += sizeof(element) + element.values.bytes();
  return sum;
}

size_t BytesOf(const BatchReadWork& work) { return BytesOfElements(work.reads); }
size_t BytesOf(const BatchWriteWork& work) { return BytesOfElements(work.writes); }
size_t BytesOf(const CustomWork& work) { return work.request.size(); }
size_t BytesOf(const auto& work) { return work.values.bytes(); }

}  // namespace

const void* Operation::group() const {
  const auto* custom = std::get_if<CustomWork>(&work);
  return custom == nullptr ? StatementOf(work) : custom->method;
}

size_t Operation::bytes() const {
  return std::visit([](const auto& w) { return BytesOf(w); }, work);
}

size_t Operation::rows() const {
  const auto* batch = std::get_if<BatchReadWork>(&work);
  return batch == nullptr ? 1 : batch->reads.size();
}

void Complete(Operation& operation, absl::StatusOr<Outcome> outcome) {
  if (outcome.ok()) {
    operation.completion->Succeed(operation, *std::move(outcome));
  } else {
    operation.completion->Fail(operation, outcome.status());
  }
}

bool AnswerIfEmpty(Operation& operation) {
  if (operation.group() != nullptr) return false;
  operation.completion->Succeed(operation, ResponseOutcome());
  return true;
}

bool IsAbandoned(const Operation& operation, Operation::TimePoint now) {
  return operation.completion->cancelled() || operation.deadline <= now;
}

absl::Status StatusOfAbandoned(const Operation& operation) {
  return operation.completion->cancelled() ? Cancelled() : DeadlineExceeded();
}

}  // namespace dataservice
