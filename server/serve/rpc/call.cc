#include "serve/rpc/call.h"

#include <grpcpp/support/proto_buffer_reader.h>

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "engine_limits.h"
#include "serve/errors/errors.h"
#include "serve/request/read_consistency.h"
#include "serve/rpc/caller_error.h"
#include "serve/rpc/grpc_repairs.h"
#include "serve/rpc/status.h"
#include "serve/rpc/tls_credentials.h"

namespace dataservice {

namespace {

constexpr Tick kStreamSilenceTicks = kMaxStreamSilence / kStreamTick;

grpc::ByteBuffer BufferOf(std::string_view message) {
  const grpc::Slice slice(message.data(), message.size());
  return grpc::ByteBuffer(&slice, 1);
}

// Empty for an unknown method.
std::string_view PathOf(const Route& route) {
  if (const auto* unary = std::get_if<const UnaryHandler*>(&route)) return (*unary)->path();
  const auto* stream = std::get_if<const StreamHandler*>(&route);
  return stream == nullptr ? std::string_view() : (*stream)->path();
}

// Whether the method is open to everybody; an unknown one is not.
bool IsOpen(const Route& route) {
  if (const auto* unary = std::get_if<const UnaryHandler*>(&route)) return (*unary)->is_open();
  const auto* stream = std::get_if<const StreamHandler*>(&route);
  return stream != nullptr && (*stream)->is_open();
}

}  // namespace

Call::Call(Edge& edge, CallSource& source) : edge_(edge), source_(source) {
  context_.AsyncNotifyWhenDone(&done_);
  source.Request(context_, stream_, &accepted_);
}

Call::~Call() {
  if (connection_ == nullptr) return;
  if (body_ != nullptr) edge_.open_calls().RemoveStream(*this);
  edge_.open_calls().Leave(*this);
  connection_->Give(Counted::kUnreadBytes, static_cast<int64_t>(kept_.load()));
  if (is_stream_) connection_->Give(Counted::kStreams, 1);
  if (is_counted_) connection_->Give(source_.counted(), 1);
}

bool Call::Begin(Tag& tag, bool ok) {
  switch (tag.event) {
    case Event::kAccepted:
      if (!ok) {  // the server shuts down; kDone will not come
        edge_.Free(this);
        return false;
      }
      edge_.AcceptNext(source_);
      return OnAccepted();
    case Event::kRead:
    case Event::kWritten:
      tag.ok = ok;
      return true;
    case Event::kDone:
      if (context_.IsCancelled()) cancelled_.store(true, std::memory_order_relaxed);
      break;
    case Event::kFinished:
      break;
  }
  Release();
  return false;
}

void Call::Proceed(const Tag& tag) {
  if (tag.event == Event::kAccepted) return OnTurn();  // held until it has finished
  if (body_ == nullptr) return OnUnaryRead(tag.ok);    // the same; it may be freed now
  if (tag.event == Event::kRead) {
    OnStreamRead(tag.ok);
  } else {
    OnWritten(tag.ok);
  }
  Release();
}

void Call::Release() {
  if (holds_.fetch_sub(1) == 1) edge_.Free(this);
}

bool Call::OnAccepted() {
  observation_.Begin(edge_.observer());
  connection_ = edge_.connections().Find(context_.peer());
  if (!edge_.open_calls().Enter(*this)) {
    Finish(ShuttingDown());
    return false;
  }
  is_counted_ = connection_->Take(source_.counted(), 1);
  if (is_counted_) return true;
  Finish(QueueFull());  // which may free the call
  return false;
}

void Call::OnTurn() {
  const std::string& path = source_.PathOf(context_);
  route_ = edge_.FindRoute(path);
  observation_.SetPath(PathOf(route_));
  if (!IsAdmitted()) return;
  if (const auto* stream = std::get_if<const StreamHandler*>(&route_)) {
    OpenStream(**stream);
  } else if (std::holds_alternative<const UnaryHandler*>(route_)) {
    Enter(Phase::kRequest);
    stream_.Read(&request_, &read_);
  } else {
    Finish(UnknownMethod(path));
  }
}

bool Call::IsAdmitted() {
  if (IsOpen(route_)) return true;
  auto admission = edge_.Admit(*this, source_.PathOf(context_));
  if (admission.ok()) {
    admission_ = *std::move(admission);
    observation_.SetCaller(admission_.caller);
  } else {
    Finish(admission.status());
  }
  return admission.ok();
}

void Call::OpenStream(const StreamHandler& handler) {
  is_stream_ = connection_->Take(Counted::kStreams, 1);
  if (!is_stream_) return Finish(QueueFull());
  const TimePoint deadline = HasDeadline() ? context_.deadline() : TimePoint::max();
  // The streams of CallService count their calls. Those of health have nothing to do.
  if (!handler.is_open()) BeginWork();
  body_ = handler.Open(*this, Context(deadline), edge_.default_deadline());
  Hold();  // Start may end the call
  edge_.open_calls().AddStream(*this);
  body_->Start();
  Release();
}

void Call::OnUnaryRead(bool ok) {
  if (!Leave(Phase::kRequest)) return Release();  // given up
  if (IsTooLong(request_)) RefuseLength();
  if (!ok || IsTooLong(request_) || IsBroken(request_)) return Finish(MalformedRequest());
  BeginWork();
  grpc::ByteBuffer message;  // freed when it has been handled: what is needed later is an operation
  message.Swap(&request_);
  message_ = &message;
  grpc::ProtoBufferReader bytes(&message);
  std::get<const UnaryHandler*>(route_)->Handle(bytes, Context(Deadline()), *this);
}

void Call::OnStreamRead(bool ok) {
  if (!ok) return body_->OnEnd();
  // The stream sees it with its next tick.
  if (IsTooLong(request_)) return RefuseLength();
  if (IsBroken(request_)) return Cancel();
  grpc::ByteBuffer message;  // freed at the end, also if the stream does not read on
  message.Swap(&request_);
  message_ = &message;
  grpc::ProtoBufferReader bytes(&message);
  body_->OnMessage(bytes);
}

void Call::OnWritten(bool ok) {
  Leave(Phase::kReceipt);
  Unreserve(writing_.exchange(0));
  body_->OnWritten(ok);
}

void Call::OnTick() {
  if (!ended_) body_->OnTick();
}

void Call::BeginWork() {
  is_under_way_ = true;
  edge_.pollers().BeginCall(connection());
}

void Call::Enter(Phase phase) {
  state_.store({phase, edge_.open_calls().now()}, std::memory_order_release);
}

bool Call::Leave(Phase phase) {
  State state = state_.load(std::memory_order_relaxed);
  return state.phase == phase && state_.compare_exchange_strong(state, {Phase::kWork, 0});
}

bool Call::IsOverdue(Tick now) const {
  const State state = state_.load(std::memory_order_acquire);
  const Tick waited = now - state.since;
  if (state.phase == Phase::kRequest) return waited > edge_.request_ticks();
  if (state.phase != Phase::kReceipt) return false;
  return waited > (is_stream_ ? kStreamSilenceTicks : edge_.unread_ticks());
}

// gRPC reports the end of an answer that is not received, and of a stream.
void Call::GiveUp() {
  if (!Leave(Phase::kRequest)) return Cancel();
  Hold();  // for the tag of the message
  Finish(DeadlineExceeded());
}

bool Call::TryHold() {
  int holds = holds_.load();
  while (holds > 0) {
    if (holds_.compare_exchange_weak(holds, holds + 1)) return true;
  }
  return false;
}

bool Call::Reserve(size_t bytes) {
  const bool has_room = connection_->Take(Counted::kUnreadBytes, static_cast<int64_t>(bytes));
  if (has_room) kept_ += bytes;
  return has_room;
}

void Call::Keep(size_t bytes) {
  connection_->Force(Counted::kUnreadBytes, static_cast<int64_t>(bytes));
  kept_ += bytes;
}

void Call::Unreserve(size_t bytes) {
  kept_ -= bytes;
  connection_->Give(Counted::kUnreadBytes, static_cast<int64_t>(bytes));
}

// As gRPC does with a message that it finds too long.
void Call::RefuseLength() {
  grpc_call_cancel_with_status(context_.c_call(), GRPC_STATUS_RESOURCE_EXHAUSTED,
                               "the message is longer than the server accepts", nullptr);
}

void Call::Read() {
  Hold();
  stream_.Read(&request_, &read_);
}

void Call::Write(std::string_view message) {
  Hold();
  writing_ = message.size();
  Keep(message.size());
  Enter(Phase::kReceipt);
  stream_.Write(BufferOf(message), &written_);
}

// Computed in gRPC's own time: a deadline that some clients send for "no limit" (2562047H)
// is past the range of system_clock, and context_.deadline() would overflow.
bool Call::HasDeadline() const {
  const gpr_timespec deadline = context_.raw_deadline();
  const gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  return gpr_time_cmp(left, gpr_time_from_hours(kLongestDeadline.count(), GPR_TIMESPAN)) <= 0;
}

Call::TimePoint Call::Deadline() const {
  return HasDeadline() ? context_.deadline()
                       : std::chrono::system_clock::now() + edge_.default_deadline();
}

RequestContext Call::Context(TimePoint deadline) {
  return ContextOf(*this, admission_, deadline,
                   [this] { return std::make_unique<grpc::ProtoBufferReader>(message_); });
}

std::optional<std::string_view> Call::Find(std::string_view name) const {
  const auto found = context_.client_metadata().find(grpc::string_ref(name.data(), name.size()));
  if (found == context_.client_metadata().end()) return std::nullopt;
  return std::string_view(found->second.data(), found->second.size());
}

bool Call::HasSeveral(std::string_view name) const {
  return context_.client_metadata().count(grpc::string_ref(name.data(), name.size())) > 1;
}

AuthorizationValues Call::Authorization() const {
  AuthorizationValues values;
  const auto [first, last] = context_.client_metadata().equal_range("authorization");
  for (auto it = first; it != last; ++it) {
    values.emplace_back(it->second.data(), it->second.size());
  }
  return values;
}

Peer Call::ClientOfConnection() const {
  const auto connection = context_.auth_context();
  return connection == nullptr ? Peer() : PeerOf(*connection);
}

uint64_t Call::connection() const { return absl::HashOf(connection_.get()); }

uint64_t Call::client() const { return absl::HashOf(connection_->address()); }

// After WriteAndFinish or Finish the call may be freed, unless it is held.
void Call::Respond(const Response& response) {
  if (!Reserve(response.message.size())) {
    Cancel();  // whether anything was done remains open to the client
    return Finish(Cancelled());
  }
  if (response.created) context_.AddInitialMetadata("resource-created", "true");
  for (const std::string& value : response.values) {
    context_.AddInitialMetadata(kResponseValueKey, value);
  }
  if (response.from_reader) {
    context_.AddInitialMetadata(std::string(kReadConsistencyKey), std::string(kEventual));
  }
  AddConsistencyToken(response.consistency_token);
  Enter(Phase::kReceipt);
  observation_.End(absl::OkStatus(), *this, is_stream_, response.message.size());
  WriteLast(response.message);
}

void Call::Finish(const absl::Status& status) {
  observation_.End(status, *this, is_stream_, 0);
  EndWork();
  stream_.Finish(ToGrpcStatus(CallerError(Metadata("x-request-id"), status)), &finished_);
}

void Call::AddConsistencyToken(const std::string& token) {
  if (!token.empty()) context_.AddInitialMetadata(std::string(kConsistencyTokenKey), token);
}

void Call::FinishWith(std::string_view message, const std::string& consistency_token) {
  Keep(message.size());
  AddConsistencyToken(consistency_token);
  Enter(Phase::kReceipt);
  observation_.End(absl::OkStatus(), *this, is_stream_, message.size());
  WriteLast(message);
}

void Call::EndWork() {
  ended_ = true;
  if (is_under_way_) edge_.pollers().EndCall();
}

void Call::WriteLast(std::string_view message) {
  EndWork();
  stream_.WriteAndFinish(BufferOf(message), {}, grpc::Status::OK, &finished_);
}

}  // namespace dataservice
