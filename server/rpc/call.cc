#include "rpc/call.h"

#include <grpcpp/support/proto_buffer_reader.h>

#include <algorithm>
#include <utility>

#include "errors/errors.h"
#include "rpc/status.h"
#include "settings/limits.h"

namespace dataservice {

Call::Call(Edge& edge, grpc::AsyncGenericService& service, grpc::ServerCompletionQueue& queue)
    : edge_(edge) {
  context_.AsyncNotifyWhenDone(&done_);
  service.RequestCall(&context_, &stream_, &queue, &queue, &accepted_);
}

Call::~Call() {
  if (entered_) edge_.Leave();
}

bool Call::Proceed(Event event, bool ok) {
  switch (event) {
    case Event::kAccepted:
      if (!ok) return true;  // the server shuts down; kDone will not come
      edge_.AcceptNext();
      OnAccepted();
      return false;
    case Event::kRead:
      OnRead(ok);
      return false;
    case Event::kDone:
      if (context_.IsCancelled()) cancelled_.store(true, std::memory_order_relaxed);
      [[fallthrough]];
    case Event::kFinished:
      return tags_.fetch_sub(1) == 1;
  }
  return false;
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
  } else {
    stream_.Read(&request_, &read_);
  }
}

void Call::OnRead(bool ok) {
  if (!ok) {  // no message came, or one over the limit, which gRPC answers itself
    Finish(MalformedRequest());
    return;
  }
  const RequestContext context{.deadline = Deadline(),
                               .if_match = Metadata("if-match").value_or(""),
                               .if_none_match = Metadata("if-none-match").value_or(""),
                               .idempotency_key = Metadata("idempotency-key"),
                               .caller = [this] { return Caller(); }};
  grpc::ProtoBufferReader bytes(&request_);
  auto operation = handler_->Prepare(bytes, context);
  if (!operation.ok()) {
    Finish(operation.status());
    return;
  }
  (*operation)->completion = this;
  edge_.executor().Submit(*std::move(operation));
}

Operation::TimePoint Call::Deadline() const {
  const auto latest = std::chrono::system_clock::now() + std::chrono::hours(24);
  return context_.deadline() > latest ? std::chrono::system_clock::now() + edge_.default_deadline()
                                      : context_.deadline();
}

std::optional<std::string_view> Call::Metadata(const char* name) const {
  const auto found = context_.client_metadata().find(name);
  if (found == context_.client_metadata().end()) return std::nullopt;
  return std::string_view(found->second.data(), found->second.size());
}

std::string Call::Caller() const {
  const auto peer = context_.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) {
    return "authorization=" + std::string(Metadata("authorization").value_or(""));
  }
  std::string identity = peer->GetPeerIdentityPropertyName();
  for (const grpc::string_ref& value : peer->GetPeerIdentity()) {
    identity.append("=").append(value.data(), value.size());
  }
  return identity;
}

// After WriteAndFinish or Finish the call may be gone.
void Call::Succeed(Operation& operation, Outcome outcome) {
  if (outcome.created) context_.AddInitialMetadata("resource-created", "true");
  const std::string bytes = handler_->Respond(operation, std::move(outcome));
  const grpc::Slice slice(bytes);
  stream_.WriteAndFinish(grpc::ByteBuffer(&slice, 1), {}, grpc::Status::OK, &finished_);
}

void Call::Fail(Operation&, absl::Status status) { Finish(status); }

void Call::Finish(const absl::Status& status) { stream_.Finish(ToGrpcStatus(status), &finished_); }

}  // namespace dataservice
