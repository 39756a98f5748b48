// gRPC around the methods: reflection, health, unknown paths.
#include <grpcpp/generic/generic_stub.h>

#include "engine_fixture.h"

namespace dataservice::test {
namespace {

class WireTest : public EngineTest {
 protected:
  // Calls a path with raw bytes.
  grpc::Status Raw(const std::string& path, const std::string& bytes, std::string* answer) {
    grpc::GenericStub stub(engine_.channel());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    const grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::CompletionQueue queue;
    auto call = stub.PrepareUnaryCall(&context, path, request, &queue);
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
};

TEST_F(WireTest, HealthIsServing) {
  std::string answer;
  ASSERT_TRUE(Raw("/grpc.health.v1.Health/Check", "", &answer).ok());
  EXPECT_EQ(answer, "\x08\x01");  // SERVING
  answer.clear();
  ASSERT_TRUE(Raw("/grpc.health.v1.Health/Check", "\x0a\x16types.v1.SampleService", &answer).ok());
  EXPECT_EQ(answer, "\x08\x01");
}

TEST_F(WireTest, UnknownPathsAreUnimplemented) {
  for (const char* path : {"/", "/x", "/types.v1.SampleService/", "/types.v1.SampleService/-",
                           "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"}) {
    EXPECT_EQ(Raw(path, "", nullptr).error_code(), grpc::StatusCode::UNIMPLEMENTED) << path;
  }
}

TEST_F(WireTest, MalformedBytesAreInvalid) {
  const auto status = Raw("/types.v1.SampleService/GetSample", "\xff\xff\xff\xff", nullptr);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_FALSE(status.error_details().empty());
}

}  // namespace
}  // namespace dataservice::test
