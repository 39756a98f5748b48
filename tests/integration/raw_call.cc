#include "raw_call.h"

#include <grpcpp/generic/generic_stub.h>

namespace dataservice::test {

grpc::Status RawCall(Engine& engine, grpc::ClientContext& context, const std::string& path,
                     const std::string& request, std::string* answer) {
  grpc::GenericStub stub(engine.channel());
  if (context.deadline() == std::chrono::system_clock::time_point::max()) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  }
  const grpc::Slice slice(request);
  const grpc::ByteBuffer bytes(&slice, 1);
  grpc::CompletionQueue queue;
  auto call = stub.PrepareUnaryCall(&context, path, bytes, &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag;
  bool ok;
  queue.Next(&tag, &ok);
  std::vector<grpc::Slice> slices;
  if (status.ok() && answer != nullptr && response.Dump(&slices).ok()) {
    for (const auto& part : slices) {
      answer->append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
  }
  return status;
}

}  // namespace dataservice::test
