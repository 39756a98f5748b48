#include "serve/rpc/calls.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "engine_limits.h"
#include "serve/connection/connection_limits.h"
#include "serve/errors/errors.h"
#include "serve/execution/joint_answers.h"
#include "serve/execution/joint_operations.h"
#include "serve/rpc/call_batch.h"
#include "serve/rpc/caller_error.h"

namespace dataservice {
namespace {

// A gateway's batches have at most 1 MB and one call more (gateway/limits). Reading a larger one
// would keep a thread from other connections.
constexpr size_t kMaxBatchBytes = 2 * 1024 * 1024;
constexpr size_t kMaxBatchCalls = 10000;
// Calls of one batch whose methods do not exist: gateways know the methods.
constexpr size_t kMaxUnknown = 1000;
// Bytes of answers that wait for the client; while there are more, nothing is read.
constexpr size_t kMaxUnsent = 8 * 1024 * 1024;
// Bytes of answers that are sent at once, even if others of the same result follow.
constexpr size_t kFullMessage = 64 * 1024;

class CallsStream;

// One call of a stream.
class OneCall final : public UnaryCall, private RequestMetadata {
 public:
  // Keeps the metadata, and nothing else of the batch.
  OneCall(CallsStream& stream, const CallParts& parts, const UnaryHandler& handler);

  uint64_t id() const { return id_; }
  // `parts` are those of the constructor.
  void Begin(const CallParts& parts, const CallsContext& server, bool may_execute);
  void Cancel() { cancelled_.store(true, std::memory_order_relaxed); }

  void Respond(const Response& response) override;
  void Finish(const absl::Status& error) override;
  bool cancelled() const override { return cancelled_.load(std::memory_order_relaxed); }
  bool may_execute() const override { return may_execute_; }
  bool comes_alone() const override;

 private:
  // RequestMetadata.
  std::optional<std::string_view> Find(std::string_view name) const override {
    for (const auto& [key, value] : metadata_) {
      if (key == name) return value;
    }
    return std::nullopt;
  }

  bool HasSeveral(std::string_view name) const override {
    return std::count_if(metadata_.begin(), metadata_.end(),
                         [name](const auto& entry) { return entry.first == name; }) > 1;
  }

  AuthorizationValues Authorization() const override {
    AuthorizationValues values;
    for (const auto& [key, value] : metadata_) {
      if (key == "authorization") values.push_back(value);
    }
    return values;
  }
  Peer ClientOfConnection() const override;
  uint64_t connection() const override;
  uint64_t client() const override;

  CallsStream& stream_;
  const uint64_t id_;
  CallMetadata metadata_;
  std::string text_;  // of the metadata
  const UnaryHandler& handler_;
  bool may_execute_ = false;
  std::atomic<bool> cancelled_{false};
};

// Calls are answered from any thread: an answer joins those that wait while a message is
// being written.
class CallsStream final : public Stream, private AnswerSender {
 public:
  CallsStream(const CallsContext& server, StreamTransport& transport,
              const RequestMetadata& metadata)
      : server_(server),
        transport_(transport),
        peer_(metadata.ClientOfConnection()),
        connection_(metadata.connection()),
        client_(metadata.client()) {}

  void Start() override {
    {
      absl::MutexLock lock(&mutex_);
      writing_ = true;
      ++reading_;
    }
    transport_.Read();
    EndReading();
    transport_.Write("");  // the headers, by which the client sees that calls are served
  }

  void OnMessage(google::protobuf::io::ZeroCopyInputStream& message) override {
    {
      absl::MutexLock lock(&mutex_);
      if (finished_) return;  // its client makes calls without an answer again
      ++reading_;
    }
    std::string bytes;
    const void* data = nullptr;
    for (int size = 0; bytes.size() <= kMaxBatchBytes && message.Next(&data, &size);) {
      bytes.append(static_cast<const char*>(data), static_cast<size_t>(size));
    }
    Batch batch;
    const bool is_well_formed =
        bytes.size() <= kMaxBatchBytes &&
        ReadCallBatch(
            bytes, [&](CallParts call) { return AddCall(std::move(call), batch); },
            [this](uint64_t id) { CancelCall(id); });
    bool is_stuck = batch.has_no_room;
    if (!is_well_formed) {
      absl::MutexLock lock(&mutex_);
      broken_ = true;
      end_ = MalformedRequest();
      // A client that does not receive what is being written would keep the stream.
      is_stuck |= writing_;
    } else if (MayRead()) {
      transport_.Read();
    }
    EndReading();
    Settle();
    if (is_stuck) transport_.Cancel();
    // The next message is being read meanwhile.
    if (batch.begun.size() == 1) {
      const auto& [call, parts] = batch.begun.front();
      return call->Begin(parts, server_, /*may_execute=*/server_.pollers.has_spare());
    }
    const JointOperations together;
    for (const auto& [call, parts] : batch.begun) {
      call->Begin(parts, server_, /*may_execute=*/false);
    }
  }

  void OnEnd() override {
    {
      absl::MutexLock lock(&mutex_);
      ending_ = true;
    }
    Settle();
  }

  void OnWritten(bool ok) override {
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
      if (!ok) broken_ = true;
    }
    Settle();
  }

  void OnTick() override {
    if (transport_.cancelled()) {
      absl::MutexLock lock(&mutex_);
      broken_ = true;
    } else if (transport_.draining()) {
      absl::MutexLock lock(&mutex_);
      ending_ = true;
      refusing_ = true;
    } else {
      if (EndsUnused()) transport_.Finish(absl::OkStatus());
      return;
    }
    Settle();
  }

  Pollers& pollers() const { return server_.pollers; }
  // Of all its calls.
  const Peer& peer() const { return peer_; }
  uint64_t connection() const { return connection_; }
  uint64_t client() const { return client_; }

  // Answers a call with its Response or its error. The call is gone afterwards.
  template <typename Result>
  void Answer(OneCall& call, const Result& result) {
    std::unique_ptr<OneCall> owned;
    bool is_full = false;
    {
      absl::MutexLock lock(&mutex_);
      Append(call.id(), result);
      is_full = unsent_.size() >= kFullMessage;
      const auto found = calls_.find(call.id());
      owned = std::move(found->second);
      calls_.erase(found);
      transport_.GiveCall();
    }
    const JointAnswers::Added added = JointAnswers::Add(*this);
    if (added == JointAnswers::Added::kFirst) return;  // SendAnswers() releases the transport
    if (added == JointAnswers::Added::kNo || is_full) Settle();
    transport_.Release();
  }

 private:
  // What is read of a message: the calls that begin, and how many there are in all, and of methods
  // that do not exist.
  struct Batch {
    std::vector<std::pair<OneCall*, CallParts>> begun;
    size_t calls = 0;
    size_t unknown = 0;
    bool has_no_room = false;  // for an answer
  };

  // AnswerSender.
  void SendAnswers() override {
    Settle();
    transport_.Release();
  }

  // As of a call of its own: whether anything was done remains open to the client if there is no
  // room for the answer.
  void Append(uint64_t id, const Response& response) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const size_t before = unsent_.size();
    if (AppendReserved(id, response)) return;
    unsent_.resize(before);
    Append(id, Cancelled());
  }
  // Without a limit: there are not more of these answers than calls that have begun.
  void Append(uint64_t id, const absl::Status& error) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    AppendAnswer(id, error, unsent_);
  }
  // Answers a call that does not begin. Its client can send any number of them, so that the stream
  // is cancelled if there is no room for the answers, except for a few.
  void Refuse(uint64_t id, const absl::Status& error, Batch& batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!AppendReserved(id, error) && unsent_.size() > kFullMessage) batch.has_no_room = true;
  }
  // Appends the answer. False if there is no room for it, so that it is not reserved.
  template <typename Result>
  bool AppendReserved(uint64_t id, const Result& result) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const size_t before = unsent_.size();
    AppendAnswer(id, result, unsent_);
    const size_t bytes = unsent_.size() - before;
    const bool has_room = transport_.Reserve(bytes);
    if (has_room) reserved_ += bytes;
    return has_room;
  }
  // What waits is given to the transport, or dropped.
  void Unreserve() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    transport_.Unreserve(std::exchange(reserved_, 0));
  }

  // Adds the call to those of the stream and to `batch`, or answers it. False if another call
  // has that id, or the batch is none of a gateway.
  bool AddCall(CallParts parts, Batch& batch) {
    const UnaryHandler* handler = server_.find_handler(parts.method);
    absl::MutexLock lock(&mutex_);
    if (calls_.contains(parts.id)) return false;
    if (handler == nullptr) {
      Refuse(parts.id, UnknownMethod(parts.method), batch);
      ++batch.unknown;
    } else if (refusing_) {
      Refuse(parts.id, ShuttingDown(), batch);
    } else if (!transport_.TakeCall()) {
      Refuse(parts.id, QueueFull(), batch);
    } else {
      auto call = std::make_unique<OneCall>(*this, parts, *handler);
      batch.begun.emplace_back(call.get(), std::move(parts));
      calls_.emplace(call->id(), std::move(call));
      transport_.Hold();
    }
    return ++batch.calls <= kMaxBatchCalls && batch.unknown <= kMaxUnknown && !batch.has_no_room;
  }

  // Whether the stream, which has had no call for kMaxWatch, ends. Gateways open another one.
  bool EndsUnused() {
    absl::MutexLock lock(&mutex_);
    const bool rests = calls_.empty() && reading_ == 0 && !writing_ && unsent_.empty();
    unused_ticks_ = rests ? unused_ticks_ + 1 : 0;
    if (finished_ || unused_ticks_ <= kMaxWatch / kStreamTick) return false;
    finished_ = true;
    return true;
  }

  void CancelCall(uint64_t id) {
    absl::MutexLock lock(&mutex_);
    const auto found = calls_.find(id);
    if (found != calls_.end()) found->second->Cancel();
  }

  void EndReading() {
    absl::MutexLock lock(&mutex_);
    --reading_;
  }

  // Whether to read on; otherwise Settle will.
  bool MayRead() {
    absl::MutexLock lock(&mutex_);
    paused_ = unsent_.size() > kMaxUnsent;
    return !paused_;
  }

  // Writes what waits, reads on, or ends the stream.
  void Settle() {
    std::string message;
    bool resume = false;
    bool finish = false;
    absl::Status end;
    {
      absl::MutexLock lock(&mutex_);
      if (finished_) return;
      if (broken_) {
        for (const auto& [id, call] : calls_) call->Cancel();
        unsent_.clear();
        Unreserve();
      }
      if (!writing_ && !unsent_.empty()) {
        message.swap(unsent_);
        Unreserve();
        writing_ = true;
        resume = paused_;
        if (resume) ++reading_;
        paused_ = false;
      } else if (!writing_ && reading_ == 0 && calls_.empty() && (broken_ || ending_)) {
        finish = finished_ = true;
        end = broken_ && end_.ok() ? Cancelled() : end_;
      }
    }
    if (resume) {
      transport_.Read();
      EndReading();
    }
    if (!message.empty()) transport_.Write(message);
    if (finish) transport_.Finish(end);
  }

  const CallsContext& server_;
  StreamTransport& transport_;
  const Peer peer_;
  const uint64_t connection_;
  const uint64_t client_;
  absl::Mutex mutex_;
  absl::flat_hash_map<uint64_t, std::unique_ptr<OneCall>> calls_ ABSL_GUARDED_BY(mutex_);
  std::string unsent_ ABSL_GUARDED_BY(mutex_);   // the AnswerBatch that leaves next
  size_t reserved_ ABSL_GUARDED_BY(mutex_) = 0;  // bytes of it
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  // Threads that may be about to read: nothing may be read after the end.
  int reading_ ABSL_GUARDED_BY(mutex_) = 0;
  bool paused_ ABSL_GUARDED_BY(mutex_) = false;    // nothing is read
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;    // no call comes any more
  bool refusing_ ABSL_GUARDED_BY(mutex_) = false;  // the server stops
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;    // nobody takes answers any more
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  int unused_ticks_ ABSL_GUARDED_BY(mutex_) = 0;  // since the last call
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
};

OneCall::OneCall(CallsStream& stream, const CallParts& parts, const UnaryHandler& handler)
    : stream_(stream), id_(parts.id), handler_(handler) {
  size_t bytes = 0;
  for (const auto& [key, value] : parts.metadata) bytes += key.size() + value.size();
  text_.reserve(bytes);
  const auto keep = [this](std::string_view text) {
    const size_t begin = text_.size();
    text_ += text;  // which does not move
    return std::string_view(text_).substr(begin);
  };
  for (const auto& [key, value] : parts.metadata) metadata_.emplace_back(keep(key), keep(value));
}

void OneCall::Begin(const CallParts& parts, const CallsContext& server, bool may_execute) {
  may_execute_ = may_execute;
  server.pollers.BeginCall(stream_.connection());
  observation_.Begin(server.observer);
  observation_.SetPath(handler_.path());
  absl::StatusOr<Admission> admission = Admission();
  if (!handler_.is_open()) admission = server.admit(*this, handler_.path());
  if (!admission.ok()) return Finish(admission.status());
  observation_.SetCaller(admission->caller);
  constexpr auto kLongest =
      static_cast<uint64_t>(std::chrono::microseconds(kLongestDeadline).count());
  const bool has_timeout = parts.timeout_us > 0 && parts.timeout_us <= kLongest;
  const auto deadline = std::chrono::system_clock::now() +
                        (has_timeout ? std::chrono::microseconds(parts.timeout_us)
                                     : std::chrono::microseconds(server.default_deadline));
  const auto input = [request = parts.request] {
    return std::make_unique<google::protobuf::io::ArrayInputStream>(
        request.data(), static_cast<int>(request.size()));
  };
  handler_.Handle(*input(), ContextOf(*this, *std::move(admission), deadline, input), *this);
}

bool OneCall::comes_alone() const { return stream_.pollers().one_at_a_time(); }

Peer OneCall::ClientOfConnection() const { return stream_.peer(); }

uint64_t OneCall::connection() const { return stream_.connection(); }

uint64_t OneCall::client() const { return stream_.client(); }

void OneCall::Respond(const Response& response) {
  observation_.End(absl::OkStatus(), *this, /*is_stream=*/false, response.message.size());
  stream_.pollers().EndCall();
  stream_.Answer(*this, response);
}

void OneCall::Finish(const absl::Status& error) {
  observation_.End(error, *this, /*is_stream=*/false, 0);
  stream_.pollers().EndCall();
  stream_.Answer(*this, CallerError(Metadata("x-request-id"), error));
}

class CallsHandler final : public StreamHandler {
 public:
  explicit CallsHandler(CallsContext context) : server_(std::move(context)) {}

  const std::string& path() const override { return path_; }
  // Each of its calls is identified.
  bool is_open() const override { return true; }

  std::unique_ptr<Stream> Open(StreamTransport& transport, const RequestContext& context,
                               std::chrono::milliseconds) const override {
    return std::make_unique<CallsStream>(server_, transport, *context.metadata);
  }

 private:
  const std::string path_ = "/dataservice.v1.CallService/Exchange";
  const CallsContext server_;
};

}  // namespace

std::unique_ptr<StreamHandler> MakeCallsHandler(CallsContext context) {
  return std::make_unique<CallsHandler>(std::move(context));
}

}  // namespace dataservice
