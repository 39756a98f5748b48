// Streaming calls of the second contract.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/sync_stream.h>

#include <map>
#include <memory>
#include <string>

#include "engine_fixture.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {

// An import of counters: number n, value 1, colour red unless said otherwise.
class CounterImport {
 public:
  // A deadline of 0 is none.
  explicit CounterImport(Engine& engine, int deadline_ms = 60000);

  // False once the call is over.
  bool Send(int64_t number, const std::string& colour = "red");
  // Bytes that need be no request.
  bool SendBytes(const std::string& bytes);
  // Sends the end, and waits for the answer.
  grpc::Status Finish();
  void Cancel() { context_.TryCancel(); }
  const types::v1::ImportCountersResponse& response() const { return response_; }

 private:
  grpc::ClientContext context_;
  grpc::ByteBuffer answer_;
  types::v1::ImportCountersResponse response_;
  std::unique_ptr<grpc::ClientWriter<grpc::ByteBuffer>> writer_;
};

// Metadata of the ErrorInfo of an import that ended, and its reason as "reason".
std::map<std::string, std::string> EndOf(const grpc::Status& status);

// An export.
template <typename Request, typename Row>
std::unique_ptr<grpc::ClientReader<Row>> OpenExport(Engine& engine, const std::string& method,
                                                    grpc::ClientContext& context,
                                                    const Request& request) {
  const std::string path = "/types.v1." + method;
  const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::SERVER_STREAMING);
  return std::unique_ptr<grpc::ClientReader<Row>>(grpc::internal::ClientReaderFactory<Row>::Create(
      engine.channel().get(), rpc, &context, request));
}

// The memory of this process, in bytes.
size_t Memory();
// The largest memory since ForgetPeakMemory() is less than so many MB above `before`. Not checked
// with AddressSanitizer, which keeps freed memory for a while, to find uses of it.
void ForgetPeakMemory();
void ExpectGrowthBelow(size_t megabytes, size_t before);

}  // namespace dataservice::test
