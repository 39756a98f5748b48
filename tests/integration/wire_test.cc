// gRPC around the methods: reflection, health, unknown paths.
#include <gmock/gmock.h>
#include <grpcpp/support/sync_stream.h>

#include "engine_fixture.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "raw_call.h"

namespace dataservice::test {
namespace {

class WireTest : public EngineTest {
 protected:
  // Calls a path with raw bytes.
  grpc::Status Raw(const std::string& path, const std::string& bytes, std::string* answer) {
    grpc::ClientContext context;
    return RawCall(engine_, context, path, bytes, answer);
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
                           "/grpc.reflection.v1.ServerReflection/-"}) {
    EXPECT_EQ(Raw(path, "", nullptr).error_code(), grpc::StatusCode::UNIMPLEMENTED) << path;
  }
}

// Both versions of reflection, of which only the name differs.
TEST_F(WireTest, ReflectionResolvesWhatItLists) {
  using grpc::reflection::v1::ServerReflectionRequest;
  using grpc::reflection::v1::ServerReflectionResponse;
  for (const std::string version : {"v1", "v1alpha"}) {
    const std::string path =
        "/grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo";
    const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::BIDI_STREAMING,
                                           engine_.channel());
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    const std::unique_ptr<
        grpc::ClientReaderWriter<ServerReflectionRequest, ServerReflectionResponse>>
        stream(grpc::internal::ClientReaderWriterFactory<
               ServerReflectionRequest, ServerReflectionResponse>::Create(engine_.channel().get(),
                                                                          method, &context));
    const auto ask = [&](const ServerReflectionRequest& request) {
      ServerReflectionResponse response;
      EXPECT_TRUE(stream->Write(request) && stream->Read(&response)) << path;
      return response;
    };

    ServerReflectionRequest request;
    request.set_list_services("*");
    std::vector<std::string> services;
    const auto list = ask(request);
    for (const auto& service : list.list_services_response().service()) {
      services.push_back(service.name());
    }
    EXPECT_THAT(services, testing::IsSupersetOf({"types.v1.SampleService", "grpc.health.v1.Health",
                                                 "grpc.reflection.v1.ServerReflection",
                                                 "grpc.reflection.v1alpha.ServerReflection"}));
    for (const std::string& service : services) {
      request.set_file_containing_symbol(service);
      EXPECT_TRUE(ask(request).has_file_descriptor_response()) << service;
    }

    // An answer has the files of its own question.
    request.set_file_containing_symbol("grpc.health.v1.Health");
    EXPECT_EQ(ask(request).file_descriptor_response().file_descriptor_proto_size(), 1);
    request.set_file_by_filename("types/v1/types.proto");
    EXPECT_GT(ask(request).file_descriptor_response().file_descriptor_proto_size(), 1);

    request.set_all_extension_numbers_of_type("google.protobuf.FieldOptions");
    const auto extensions = ask(request).all_extension_numbers_response();
    ASSERT_GT(extensions.extension_number_size(), 0);
    auto& extension = *request.mutable_file_containing_extension();
    extension.set_containing_type("google.protobuf.FieldOptions");
    extension.set_extension_number(extensions.extension_number(0));
    EXPECT_TRUE(ask(request).has_file_descriptor_response());
    extension.set_extension_number(-1);
    EXPECT_EQ(ask(request).error_response().error_code(), grpc::StatusCode::NOT_FOUND);

    request.set_file_by_filename("none.proto");
    EXPECT_EQ(ask(request).error_response().error_code(), grpc::StatusCode::NOT_FOUND);
    request.set_file_containing_symbol("");
    EXPECT_EQ(ask(request).error_response().error_code(), grpc::StatusCode::NOT_FOUND);
    request.clear_message_request();
    EXPECT_EQ(ask(request).error_response().error_code(), grpc::StatusCode::INVALID_ARGUMENT);

    stream->WritesDone();
    EXPECT_TRUE(stream->Finish().ok());
  }
}

TEST_F(WireTest, MalformedBytesAreInvalid) {
  const auto status = Raw("/types.v1.SampleService/GetSample", "\xff\xff\xff\xff", nullptr);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_FALSE(status.error_details().empty());
}

}  // namespace
}  // namespace dataservice::test
