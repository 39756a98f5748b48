#include "serve/rpc/call.h"

#include <grpcpp/support/proto_buffer_reader.h>

#include <algorithm>
#include <utility>

#include "engine_limits.h"
#include "serve/errors/errors.h"
#include "serve/request/caller.h"
#include "serve/rpc/grpc_repairs.h"
#include "serve/rpc/status.h"

namespace dataservice {

namespace {

grpc::ByteBuffer BufferOf(std::string_view message) {
  const grpc::Slice slice(message.data(), message.size());
  return grpc::ByteBuffer(&slice, 1);
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
    case Event::kRead: {
      const bool unary = body_ == nullptr;
      OnRead(ok);
      if (unary) return;  // held until it has finished, and maybe gone
      break;
    }
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
  handler_ = edge_.FindHandler(context_.method());
  if (handler_ == nullptr) {
    Finish(UnknownMethod(context_.method()));
    return;
  }
  const auto deadline = HasDeadline() ? context_.deadline() : Operation::TimePoint::max();
  body_ = handler_->Open(*this, Context(deadline), edge_.default_deadline());
  if (body_ == nullptr) {
    stream_.Read(&request_, &read_);
    return;
  }
  Arm();
  Hold();  // Start may end the call
  body_->Start();
  Release();
}

void Call::OnRead(bool ok) {
  if (body_ != nullptr && !ok) {
    body_->OnEnd();
    return;
  }
  const bool broken = ok && IsBroken(request_);
  if (body_ != nullptr && broken) {
    Cancel();  // which the stream sees with its next tick
    return;
  }
  // No message came, or one over the limit, which gRPC answers itself.
  if (!ok || broken) {
    Finish(MalformedRequest());
    return;
  }
  grpc::ProtoBufferReader bytes(&request_);
  if (body_ != nullptr) {
    body_->OnMessage(bytes);
    return;
  }
  auto operation = handler_->Prepare(bytes, Context(Deadline()));
  if (!operation.ok()) {
    Finish(operation.status());
    return;
  }
  (*operation)->completion = this;
  edge_.executor().Submit(*std::move(operation));
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

// Judged in gRPC's own time: a deadline that some clients send for "no limit" (2562047H)
// is past the range of system_clock, and context_.deadline() would overflow.
bool Call::HasDeadline() const {
  const gpr_timespec deadline = context_.raw_deadline();
  const gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  return gpr_time_cmp(left, gpr_time_from_hours(24, GPR_TIMESPAN)) <= 0;
}

Operation::TimePoint Call::Deadline() const {
  return HasDeadline() ? context_.deadline()
                       : std::chrono::system_clock::now() + edge_.default_deadline();
}

RequestContext Call::Context(Operation::TimePoint deadline) {
  return {.deadline = deadline,
          .if_match = FindMetadata("if-match"),
          .if_none_match = FindMetadata("if-none-match"),
          .idempotency_key = FindMetadata("idempotency-key"),
          .caller = [this] { return Caller(); },
          .reread = [this] { return std::make_unique<grpc::ProtoBufferReader>(&request_); },
          .metadata = this};
}

std::string_view Call::Metadata(const char* name) const { return FindMetadata(name).value_or(""); }

std::optional<std::string_view> Call::FindMetadata(const char* name) const {
  const auto found = context_.client_metadata().find(name);
  if (found == context_.client_metadata().end()) return std::nullopt;
  return std::string_view(found->second.data(), found->second.size());
}

std::string Call::Caller() const {
  const auto peer = context_.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) {
    return CallerOf(Metadata("authorization"));
  }
  std::string identity = peer->GetPeerIdentityPropertyName();
  for (const grpc::string_ref& value : peer->GetPeerIdentity()) {
    identity.append("=").append(value.data(), value.size());
  }
  return identity;
}

// After WriteAndFinish or Finish the call may be gone, unless it is held.
void Call::Succeed(Operation& operation, Outcome outcome) {
  if (outcome.created) context_.AddInitialMetadata("resource-created", "true");
  FinishWith(handler_->Respond(operation, std::move(outcome)));
}

void Call::Fail(Operation&, absl::Status status) { Finish(status); }

void Call::Finish(const absl::Status& status) {
  ended_ = true;
  stream_.Finish(ToGrpcStatus(status), &finished_);
}

void Call::FinishWith(std::string_view message) {
  ended_ = true;
  stream_.WriteAndFinish(BufferOf(message), {}, grpc::Status::OK, &finished_);
}

}  // namespace dataservice
