#include "stream_calls.h"

#include <gtest/gtest.h>

#include <fstream>

#include "status_info.h"

namespace dataservice::test {
namespace {

size_t MemoryLine(const std::string& name) {
  std::ifstream file("/proc/self/status");
  for (std::string word; file >> word;) {
    size_t kilobytes = 0;
    if (word == name && file >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

}  // namespace

CounterImport::CounterImport(Engine& engine, int deadline_ms) {
  if (deadline_ms > 0) {
    context_.set_deadline(std::chrono::system_clock::now() +
                          std::chrono::milliseconds(deadline_ms));
  }
  const grpc::internal::RpcMethod rpc("/types.v1.CounterService/ImportCounters",
                                      grpc::internal::RpcMethod::CLIENT_STREAMING);
  writer_.reset(grpc::internal::ClientWriterFactory<grpc::ByteBuffer>::Create(
      engine.channel().get(), rpc, &context_, &answer_));
}

bool CounterImport::Send(int64_t number, const std::string& colour) {
  types::v1::CreateCounterRequest request;
  request.mutable_counter()->set_number(number);
  request.mutable_counter()->set_value(1);
  request.mutable_counter()->set_colour(colour);
  return SendBytes(request.SerializeAsString());
}

bool CounterImport::SendBytes(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return writer_->Write(grpc::ByteBuffer(&slice, 1));
}

grpc::Status CounterImport::Finish() {
  writer_->WritesDone();
  const grpc::Status status = writer_->Finish();
  grpc::Slice slice;
  if (status.ok() && answer_.DumpToSingleSlice(&slice).ok()) {
    EXPECT_TRUE(response_.ParseFromArray(slice.begin(), static_cast<int>(slice.size())));
  }
  return status;
}

std::map<std::string, std::string> EndOf(const grpc::Status& status) {
  const google::rpc::ErrorInfo info = InfoOf(status);
  std::map<std::string, std::string> end(info.metadata().begin(), info.metadata().end());
  if (!info.reason().empty()) end["reason"] = info.reason();
  return end;
}

void ForgetPeakMemory() { std::ofstream("/proc/self/clear_refs") << "5"; }

void ExpectGrowthBelow(size_t megabytes, size_t before) {
#ifdef __has_feature
#if __has_feature(address_sanitizer)
  return;
#endif
#endif
  EXPECT_LT(MemoryLine("VmHWM:") - before, megabytes << 20);
}
size_t Memory() { return MemoryLine("VmRSS:"); }

}  // namespace dataservice::test
