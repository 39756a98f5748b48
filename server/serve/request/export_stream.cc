#include "serve/request/export_stream.h"

#include <algorithm>
#include <utility>

#include "engine_limits.h"
#include "serve/errors/errors.h"
#include "serve/request/read_consistency.h"
#include "serve/values/position.h"

namespace dataservice {

ExportStream::ExportStream(const ExportQueryParser& parser, Executor& executor,
                           StreamTransport& transport, const RequestContext& context,
                           std::chrono::milliseconds operation_time, Clock::time_point (*now)(),
                           Reader* reader)
    : parser_(parser),
      executor_(executor),
      transport_(transport),
      context_(context),
      operation_time_(operation_time),
      now_(now),
      reader_(reader),
      rows_(kFirstExportRows) {}

std::string_view ExportStream::Page::Take() {
  const size_t begin = sent == 0 ? 0 : row_ends[sent - 1];
  return std::string_view(bytes).substr(begin, row_ends[sent++] - begin);
}

void ExportStream::Start() { transport_.Read(); }

void ExportStream::OnMessage(google::protobuf::io::ZeroCopyInputStream& message) {
  auto query = parser_.Parse(message, context_);
  {
    absl::MutexLock lock(&mutex_);
    if (query.ok()) {
      query_ = *std::move(query);
    } else {
      End(query.status());
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
    read_failed_ = false;
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
  // The row that is being written is the transport's copy.
  Drop(page_);
  if (next_) Drop(*next_);
  next_.reset();
}

void ExportStream::Drop(Page& page) {
  transport_.Unreserve(page.bytes.size());
  page = {};
}

void ExportStream::RecordFailedRead(const absl::Status& status) {
  const auto now = now_();
  if (!outage_) outage_ = now;
  const bool passing = status.code() == absl::StatusCode::kUnavailable ||
                       status.code() == absl::StatusCode::kResourceExhausted;
  if (passing && !transport_.draining() && now - *outage_ < kMaxExportOutage) {
    read_failed_ = true;
  } else if (error_.ok()) {
    error_ = status;  // after the rows that were read
  }
}

ExportStream::Step ExportStream::NextStep(std::string_view& row) {
  if (finished_) return Step::kNone;
  if (!writing_ && page_.empty()) {
    Drop(page_);
    if (next_) page_ = *std::exchange(next_, std::nullopt);
  }
  if (!writing_ && !page_.empty()) {
    writing_ = true;
    write_began_ = now_();
    row = page_.Take();
    return Step::kWrite;
  }
  const bool needs_page = query_.has_value() && error_.ok() && !read_all_ && !next_;
  if (needs_page && !fetching_ && !read_failed_) {
    fetching_ = transport_.Reserve(expected_);
    if (fetching_) return Step::kFetch;
    RecordFailedRead(QueueFull());
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
      if (step == Step::kWrite && !Format(row)) continue;
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

bool ExportStream::Format(std::string& row) {
  const absl::Status status = parser_.Format(*query_, row);
  if (status.ok()) return true;
  writing_ = false;
  End(status);
  return false;
}

std::unique_ptr<Operation> ExportStream::NextPage() {
  ExportShape shape = query_->shape;
  ExportWork work;
  Position position;
  if (!position_.empty() && DecodePosition(position_, position)) {
    shape.after_key = true;
    for (const auto& value : position) work.values.Add(value.value_or(""));
  }
  for (size_t i = 0; i < query_->values.size(); ++i) work.values.Add(*query_->values[i]);
  work.values.Add(std::to_string(rows_));
  work.statement = executor_.StatementOf(shape);
  const auto deadline =
      std::min(context_.deadline, std::chrono::system_clock::now() + operation_time_);
  auto operation = std::make_unique<Operation>(std::move(work), Lane::kAlone, deadline);
  operation->completion = this;
  operation->method = parser_.path();
  operation->origin = OriginOf(context_);
  return operation;
}

void ExportStream::Fetch() {
  std::unique_ptr<Operation> operation;
  {
    absl::MutexLock lock(&mutex_);
    operation = NextPage();
  }
  transport_.Hold();  // until it is answered
  Executor& executor = ExecutorOf(*operation);
  operation = executor.Offer(std::move(operation));
  if (operation != nullptr) Fail(*operation, QueueFull());
}

Executor& ExportStream::ExecutorOf(Operation& page) {
  Reader* const reader = reader_;
  if (reader == nullptr) return executor_;
  const auto bound = ReadBoundOf(context_);
  return bound && reader->Admits(*bound, page) ? reader->executor() : executor_;
}

void ExportStream::EndFetch() {
  fetching_ = false;
  transport_.Unreserve(expected_);
}

void ExportStream::Keep(ExportOutcome outcome) {
  const int got = static_cast<int>(outcome.row_ends.size());
  if (got > 0) {
    expected_ = outcome.rows.size();
    if (!transport_.Reserve(expected_)) return RecordFailedRead(QueueFull());
    position_ = std::move(outcome.position);
    next_ = Page{std::move(outcome.rows), std::move(outcome.row_ends)};
  } else {
    read_all_ = true;
  }
  outage_.reset();
  // If the limit of bytes ended the page, the next one has about as many rows; the database
  // would read more of them for nothing.
  rows_ = std::clamp(2 * got, 1, kMaxExportRows);
}

void ExportStream::Succeed(Operation& operation, Outcome outcome) {
  if (Reader* const reader = reader_; reader != nullptr && operation.on_reader) {
    reader->CountAnswer(absl::OkStatus());
  }
  {
    absl::MutexLock lock(&mutex_);
    EndFetch();
    if (error_.ok()) Keep(std::get<ExportOutcome>(std::move(outcome)));
  }
  Pump();
  transport_.Release();
}

void ExportStream::Fail(Operation& operation, absl::Status status) {
  {
    absl::MutexLock lock(&mutex_);
    EndFetch();
    if (IsForWriter(operation, status)) {
      if (Reader* const reader = reader_.exchange(nullptr)) reader->CountRepeated();
    } else {
      RecordFailedRead(status);
    }
  }
  Pump();
  transport_.Release();
}

}  // namespace dataservice
