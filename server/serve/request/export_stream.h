// The flow of an export: one request in, pages of rows read, a message a row out.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "serve/reader/reader.h"
#include "serve/request/export_query.h"

namespace dataservice {

// Reads one page ahead of the one that is being sent, so that at most two are in memory. While
// there is no room for the bytes of a page (StreamTransport::Reserve), the stream waits as it waits
// for the database.
// Each page is a statement with a snapshot of its own: it may or may not have a row that is
// written meanwhile. If the database is not available, the stream waits for it until the
// deadline and goes on after the last row. After a page that failed on a reader, the writer reads
// that one and all others. The call of a client that takes nothing for too
// long is cancelled.
class ExportStream final : public Stream, public Completion {
 public:
  using Clock = std::chrono::steady_clock;

  // All outlive it. `now` measures how long the client takes nothing. `reader` is null if there is
  // none.
  ExportStream(
      const ExportQueryParser& parser, Executor& executor, StreamTransport& transport,
      const RequestContext& context, std::chrono::milliseconds operation_time,
      Clock::time_point (*now)() = [] { return Clock::now(); }, Reader* reader = nullptr);

  void Start() override;
  void OnMessage(google::protobuf::io::ZeroCopyInputStream& message) override;
  void OnEnd() override;
  void OnWritten(bool ok) override;
  void OnTick() override;

  void Succeed(Operation& operation, Outcome outcome) override;
  void Fail(Operation& operation, absl::Status status) override;
  bool cancelled() const override { return transport_.cancelled(); }

 private:
  struct Page {
    std::string bytes;
    std::vector<size_t> row_ends;
    size_t sent = 0;  // rows

    bool empty() const { return sent == row_ends.size(); }
    std::string_view Take();
  };
  enum class Step { kNone, kWrite, kFetch, kFinish };

  // Frees the rows of a page.
  void Drop(Page& page) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Ends the read of a page. Keep keeps it if there is room.
  void EndFetch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Keep(ExportOutcome outcome) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Takes the next steps until there is none.
  void Pump();
  Step NextStep(std::string_view& row) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Gives a row that is to be written its form; false, with the end of the stream, if it has none.
  bool Format(std::string& row) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Fetch();
  // Where the page is to be read.
  Executor& ExecutorOf(Operation& page);
  std::unique_ptr<Operation> NextPage() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The next page could not be read: sets that it is tried again, or ends the export.
  void RecordFailedRead(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Ends the stream with an error, without the rows that were not sent.
  void End(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const ExportQueryParser& parser_;
  Executor& executor_;
  StreamTransport& transport_;
  const RequestContext context_;
  const std::chrono::milliseconds operation_time_;
  Clock::time_point (*const now_)();
  std::atomic<Reader*> reader_;  // null if the writer reads the pages

  absl::Mutex mutex_;
  std::optional<ExportQuery> query_ ABSL_GUARDED_BY(mutex_);  // once it is known
  Page page_ ABSL_GUARDED_BY(mutex_);                         // is being sent
  std::optional<Page> next_ ABSL_GUARDED_BY(mutex_);
  std::string position_ ABSL_GUARDED_BY(mutex_);  // of the last row read; empty at first
  int rows_ ABSL_GUARDED_BY(mutex_);              // of the next page
  size_t expected_ ABSL_GUARDED_BY(mutex_) = 0;  // bytes of it, which are reserved while it is read
  bool fetching_ ABSL_GUARDED_BY(mutex_) = false;
  // A page could not be read, and is tried again at the next tick.
  bool read_failed_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<Clock::time_point> outage_ ABSL_GUARDED_BY(mutex_);
  bool read_all_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  Clock::time_point write_began_ ABSL_GUARDED_BY(mutex_);
  bool gave_up_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dataservice
