#include "serve/rpc/call.h"

#include <grpcpp/support/proto_buffer_reader.h>

#include <algorithm>
#include <utility>

#include "engine_limits.h"
#include "serve/errors/errors.h"
#include "serve/rpc/caller_error.h"
#include "serve/rpc/grpc_repairs.h"
#include "serve/rpc/status.h"
#include "serve/rpc/tls_credentials.h"

namespace dataservice {

namespace {

grpc::ByteBuffer BufferOf(std::string_view message) {
  const grpc::Slice slice(message.data(), message.size());
  return grpc::ByteBuffer(&slice, 1);
}

// Whether the method is open to everybody; an unknown one is not.
bool IsOpen(const Route& route) {
  if (const auto* unary = std::get_if<const UnaryHandler*>(&route)) return (*unary)->is_open();
  const auto* stream = std::get_if<const StreamHandler*>(&route);
  return stream != nullptr && (*stream)->is_open();
}

}  // namespace

Call::Call(Edge& edge, grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue)
    : edge_(edge), queue_(queue) {
  context_.AsyncNotifyWhenDone(&done_);
  service.RequestCall(&context_, &stream_, &queue, &queue, &accepted_);
}

Call::~Call() {
  if (entered_) edge_.Leave();
}

void Call::Proceed(Event event, bool ok) {
  switch (event) {
    case Event::kAccepted:
      if (!ok) {  // the server shuts down; kDone will not come
        edge_.Free(this);
        return;
      }
      edge_.AcceptNext();
      OnAccepted();
      return;  // held until it has finished
    case Event::kRead:
      if (body_ == nullptr) {
        OnUnaryRead(ok);
        return;  // held until it has finished, and may be freed now
      }
      OnStreamRead(ok);
      break;
    case Event::kWritten:
      body_->OnWritten(ok);
      break;
    case Event::kTick:
      OnTick();
      break;
    case Event::kDone:
      if (context_.IsCancelled()) cancelled_.store(true, std::memory_order_relaxed);
      break;
    case Event::kFinished:
      break;
  }
  Release();
}

void Call::Release() {
  if (holds_.fetch_sub(1) == 1) edge_.Free(this);
}

void Call::OnAccepted() {
  entered_ = true;
  if (!edge_.Enter()) {
    Finish(ShuttingDown());
    return;
  }
  route_ = edge_.FindRoute(context_.method());
  if (!IsAdmitted()) return;
  if (const auto* stream = std::get_if<const StreamHandler*>(&route_)) {
    OpenStream(**stream);
  } else if (std::holds_alternative<const UnaryHandler*>(route_)) {
    stream_.Read(&request_, &read_);
  } else {
    Finish(UnknownMethod(context_.method()));
  }
}

bool Call::IsAdmitted() {
  if (IsOpen(route_)) return true;
  auto admission = edge_.Admit(*this, context_.method());
  if (admission.ok()) {
    admission_ = *std::move(admission);
  } else {
    Finish(admission.status());
  }
  return admission.ok();
}

void Call::OpenStream(const StreamHandler& handler) {
  const TimePoint deadline = HasDeadline() ? context_.deadline() : TimePoint::max();
  body_ = handler.Open(*this, Context(deadline), edge_.default_deadline());
  Arm();
  Hold();  // Start may end the call
  body_->Start();
  Release();
}

void Call::OnUnaryRead(bool ok) {
  // No message came, or one over the limit, which gRPC answers itself.
  if (!ok || IsBroken(request_)) return Finish(MalformedRequest());
  grpc::ProtoBufferReader bytes(&request_);
  std::get<const UnaryHandler*>(route_)->Handle(bytes, Context(Deadline()), *this);
}

void Call::OnStreamRead(bool ok) {
  if (!ok) return body_->OnEnd();
  if (IsBroken(request_)) return Cancel();  // the stream sees it with its next tick
  grpc::ProtoBufferReader bytes(&request_);
  body_->OnMessage(bytes);
}

void Call::OnTick() {
  if (ended_) return;
  body_->OnTick();
  Arm();
}

void Call::Arm() {
  Hold();
  alarm_.Set(&queue_, std::chrono::system_clock::now() + kStreamTick, &tick_);
}

void Call::Read() {
  Hold();
  stream_.Read(&request_, &read_);
}

void Call::Write(std::string_view message) {
  Hold();
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
                   [this] { return std::make_unique<grpc::ProtoBufferReader>(&request_); });
}

std::optional<std::string_view> Call::Find(std::string_view name) const {
  const auto found = context_.client_metadata().find(grpc::string_ref(name.data(), name.size()));
  if (found == context_.client_metadata().end()) return std::nullopt;
  return std::string_view(found->second.data(), found->second.size());
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

// After WriteAndFinish or Finish the call may be freed, unless it is held.
void Call::Respond(const Response& response) {
  if (response.created) context_.AddInitialMetadata("resource-created", "true");
  for (const std::string& value : response.values) {
    context_.AddInitialMetadata(kResponseValueKey, value);
  }
  FinishWith(response.message);
}

void Call::Finish(const absl::Status& status) {
  ended_ = true;
  stream_.Finish(ToGrpcStatus(CallerError(Metadata("x-request-id"), status)), &finished_);
}

void Call::FinishWith(std::string_view message) {
  ended_ = true;
  stream_.WriteAndFinish(BufferOf(message), {}, grpc::Status::OK, &finished_);
}

}  // namespace dataservice
