#include "serve/execution/operation.h"

#include <algorithm>

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

// The rows of a page that count as one row of a batch.
constexpr size_t kListRows = 25;

size_t RowsOf(const BatchReadWork& work) { return work.reads.size(); }
size_t RowsOf(const PageWork& work) {
  return std::max<size_t>(1, (static_cast<size_t>(work.page_size) + kListRows - 1) / kListRows);
}
size_t RowsOf(const auto&) { return 1; }

// Rows of a result.
size_t RowsOf(const Work&, const RowOutcome&) { return 1; }
size_t RowsOf(const Work&, const PageOutcome& page) { return page.count; }
size_t RowsOf(const Work&, const ExportOutcome& page) { return page.row_ends.size(); }
size_t RowsOf(const Work& work, const ResponseOutcome&) {
  if (const auto* reads = std::get_if<BatchReadWork>(&work)) return reads->reads.size();
  const auto* writes = std::get_if<BatchWriteWork>(&work);
  return writes == nullptr ? 0 : writes->writes.size();
}

}  // namespace

const void* Operation::group() const {
  const auto* custom = std::get_if<CustomWork>(&work);
  return custom == nullptr ? StatementOf(work) : custom->method;
}

size_t Operation::bytes() const {
  return std::visit([](const auto& w) { return BytesOf(w); }, work);
}

size_t Operation::rows() const {
  return std::visit([](const auto& w) { return RowsOf(w); }, work);
}

OperationTimes TimesOf(const Operation& operation) {
  OperationTimes times{.created = operation.created,
                       .rows = operation.result_rows,
                       .on_reader = operation.on_reader.has_value()};
  if (const BatchExecution* batch = operation.execution) {
    times.taken = batch->taken;
    times.waited = batch->waited();
    times.operations = batch->operations;
  } else {
    times.taken = std::chrono::steady_clock::now();
  }
  return times;
}

void Complete(Operation& operation, absl::StatusOr<Outcome> outcome) {
  if (outcome.ok()) {
    operation.result_rows =
        std::visit([&](const auto& result) { return RowsOf(operation.work, result); }, *outcome);
    if (operation.execution != nullptr) operation.execution->rows += operation.result_rows;
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
