#include "serve/rpc/call_source.h"

#include "serve/rpc/health.h"

namespace dataservice {

void OtherCalls::Register(grpc::ServerBuilder& builder, grpc::ServerCompletionQueue& queue) {
  builder.RegisterAsyncGenericService(&service_);
  queue_ = &queue;
}

void OtherCalls::Request(grpc::GenericServerContext& context,
                         grpc::GenericServerAsyncReaderWriter& stream, void* tag) {
  service_.RequestCall(&context, &stream, queue_, queue_, tag);
}

// As a method with a stream, whose messages the call reads itself.
HealthChecks::HealthChecks() : path_(HealthCheckPath()) {
  AddMethod(new grpc::internal::RpcServiceMethod(
      path_.c_str(), grpc::internal::RpcMethod::BIDI_STREAMING, nullptr));
  MarkMethodAsync(0);
}

void HealthChecks::Register(grpc::ServerBuilder& builder, grpc::ServerCompletionQueue& queue) {
  builder.RegisterService(this);
  queue_ = &queue;
}

void HealthChecks::Request(grpc::GenericServerContext& context,
                           grpc::GenericServerAsyncReaderWriter& stream, void* tag) {
  RequestAsyncBidiStreaming(0, &context, &stream, queue_, queue_, tag);
}

}  // namespace dataservice
