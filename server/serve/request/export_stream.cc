#include "serve/request/export_stream.h"

#include <algorithm>
#include <utility>

#include "engine_limits.h"
#include "serve/errors/errors.h"
#include "serve/values/position.h"

namespace dataservice {

ExportStream::ExportStream(const Handler& handler, Executor& executor, StreamTransport& transport,
                           const RequestContext& context, std::chrono::milliseconds operation_time,
                           Clock::time_point (*now)())
    : handler_(handler),
      executor_(executor),
      transport_(transport),
      context_(context),
      operation_time_(operation_time),
      now_(now),
      rows_(kFirstExportRows) {}

std::string_view ExportStream::Page::Take() {
  const size_t begin = sent == 0 ? 0 : row_ends[sent - 1];
  return std::string_view(bytes).substr(begin, row_ends[sent++] - begin);
}

void ExportStream::Start() { transport_.Read(); }

void ExportStream::OnMessage(google::protobuf::io::ZeroCopyInputStream& message) {
  auto request = handler_.Prepare(message, context_);
  {
    absl::MutexLock lock(&mutex_);
    if (request.ok()) {
      request_ = *std::move(request);
    } else {
      End(request.status());
    }
  }
  Pump();
}

void ExportStream::OnEnd() {
  {
    absl::MutexLock lock(&mutex_);
    End(MalformedRequest());
  }
  Pump();
}

void ExportStream::OnWritten(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) End(Cancelled());
  }
  Pump();
}

void ExportStream::OnTick() {
  bool give_up = false;
  {
    absl::MutexLock lock(&mutex_);
    missed_ = false;
    if (transport_.cancelled()) {
      End(Cancelled());
    } else if (transport_.draining()) {
      End(ShuttingDown());
    }
    give_up = writing_ && !gave_up_ && now_() - write_began_ > kMaxStreamSilence;
    if (give_up) gave_up_ = true;
  }
  if (give_up) transport_.Cancel();
  Pump();
}

void ExportStream::End(const absl::Status& status) {
  if (error_.ok()) error_ = status;
  // What is being written is still needed; it is the transport's copy.
  page_ = {};
  next_.reset();
}

void ExportStream::Miss(const absl::Status& status) {
  const auto now = now_();
  if (!outage_) outage_ = now;
  const bool passing = status.code() == absl::StatusCode::kUnavailable ||
                       status.code() == absl::StatusCode::kResourceExhausted;
  if (passing && !transport_.draining() && now - *outage_ < kMaxExportOutage) {
    missed_ = true;
  } else if (error_.ok()) {
    error_ = status;  // after the rows that were read
  }
}

ExportStream::Step ExportStream::NextStep(std::string_view& row) {
  if (finished_) return Step::kNone;
  if (!writing_ && page_.empty() && next_) page_ = *std::exchange(next_, std::nullopt);
  if (!writing_ && !page_.empty()) {
    writing_ = true;
    write_began_ = now_();
    row = page_.Take();
    return Step::kWrite;
  }
  const bool wants_page = request_ != nullptr && error_.ok() && !read_all_ && !next_;
  if (wants_page && !fetching_ && !missed_) {
    fetching_ = true;
    return Step::kFetch;
  }
  const bool over = !error_.ok() || read_all_;
  if (!over || writing_ || fetching_ || next_) return Step::kNone;
  finished_ = true;
  return Step::kFinish;
}

void ExportStream::Pump() {
  while (true) {
    std::string row;
    Step step;
    absl::Status error;
    {
      absl::MutexLock lock(&mutex_);
      std::string_view next;
      step = NextStep(next);
      row = next;
      error = error_;
    }
    switch (step) {
      case Step::kNone:
        return;
      case Step::kWrite:
        transport_.Write(row);
        break;
      case Step::kFetch:
        Fetch();
        break;
      case Step::kFinish:
        transport_.Finish(error);
        return;
    }
  }
}

std::unique_ptr<Operation> ExportStream::NextPage() {
  auto operation = std::make_unique<Operation>();
  Shape shape = request_->statement->shape;
  Position position;
  if (!position_.empty() && DecodePosition(position_, position)) {
    shape.after = {true};
    operation->values.Add(*position[0]);
  }
  for (size_t i = 0; i + 1 < request_->values.size(); ++i) {
    operation->values.Add(*request_->values[i]);
  }
  operation->values.Add(std::to_string(rows_));
  operation->page_size = rows_;
  operation->deadline =
      std::min(context_.deadline, std::chrono::system_clock::now() + operation_time_);
  operation->retryable = Retryable::kYes;
  operation->statement = executor_.StatementOf(shape);
  operation->completion = this;
  return operation;
}

void ExportStream::Fetch() {
  std::unique_ptr<Operation> operation;
  {
    absl::MutexLock lock(&mutex_);
    operation = NextPage();
  }
  transport_.Hold();  // until it is answered
  if (executor_.Offer(std::move(operation)) == nullptr) return;
  {
    absl::MutexLock lock(&mutex_);
    fetching_ = false;
    Miss(QueueFull());
  }
  transport_.Release();
}

void ExportStream::Succeed(Operation& operation, Outcome outcome) {
  {
    absl::MutexLock lock(&mutex_);
    fetching_ = false;
    outage_.reset();
    const int got = static_cast<int>(outcome.row_ends.size());
    if (got == 0) {
      read_all_ = true;
    } else if (error_.ok()) {
      position_ = std::move(outcome.position);
      next_ = Page{std::move(outcome.bytes), std::move(outcome.row_ends)};
    }
    // A page that its bytes ended says how many rows the next will have; more
    // would be read and not returned.
    rows_ = std::clamp(2 * got, 1, kMaxExportRows);
  }
  Pump();
  transport_.Release();
}

void ExportStream::Fail(Operation&, absl::Status status) {
  {
    absl::MutexLock lock(&mutex_);
    fetching_ = false;
    Miss(status);
  }
  Pump();
  transport_.Release();
}

}  // namespace dataservice
