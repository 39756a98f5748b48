#include "serve/rpc/caller_server.h"

#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/sync_stream.h>

#include "absl/strings/str_cat.h"
#include "dataservice/v1/calls.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpc/health/v1/health.pb.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {
namespace {

// Ends each call with an error whose message is the key of the caller.
class CallerHandler final : public OperationHandler {
 public:
  CallerHandler(const Method& method, Executor& executor) : OperationHandler(method, executor) {}

  absl::StatusOr<std::unique_ptr<Operation>> Prepare(google::protobuf::io::ZeroCopyInputStream&,
                                                     const RequestContext& context) const override {
    return absl::AbortedError(CallerKey(*context.caller));
  }
};

const Method& AnyUnaryMethod() {
  for (const auto& method : TypesContract().methods()) {
    if (method->kind == MethodKind::kGet) return *method;
  }
  std::abort();
}

std::string ResultOf(grpc::StatusCode code, const std::string& message,
                     const std::string& details) {
  if (code == grpc::StatusCode::ABORTED) return message;
  google::rpc::Status status;
  google::rpc::ErrorInfo info;
  status.ParseFromString(details);
  for (const auto& detail : status.details()) detail.UnpackTo(&info);
  return absl::StrCat(static_cast<int>(code), " ", info.reason());
}

template <typename Request, typename Response>
grpc::Status CallUnary(grpc::Channel& channel, const std::string& path, const Metadata& metadata,
                       const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
  const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
  Response response;
  return grpc::internal::BlockingUnaryCall<Request, Response>(&channel, rpc, &context, request,
                                                              &response);
}

std::string CallThroughCalls(grpc::Channel& channel, const Metadata& metadata) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  const grpc::internal::RpcMethod rpc("/dataservice.v1.CallService/Exchange",
                                      grpc::internal::RpcMethod::BIDI_STREAMING);
  const std::unique_ptr<grpc::ClientReaderWriter<v1::CallBatch, v1::AnswerBatch>> stream(
      grpc::internal::ClientReaderWriterFactory<v1::CallBatch, v1::AnswerBatch>::Create(
          &channel, rpc, &context));
  v1::CallBatch batch;
  auto* call = batch.add_calls();
  call->set_id(1);
  call->set_method(AnyUnaryMethod().path);
  for (const auto& [name, value] : metadata) {
    auto* entry = call->add_metadata();
    entry->set_key(name);
    entry->set_value(value);
  }
  stream->Write(batch);
  stream->WritesDone();
  v1::AnswerBatch answers;
  while (answers.answers_size() == 0 && stream->Read(&answers)) {
  }
  if (answers.answers_size() == 0) return absl::StrCat("stream ", stream->Finish().error_code());
  const auto& answer = answers.answers(0);
  return ResultOf(static_cast<grpc::StatusCode>(answer.code()), answer.message(), answer.details());
}

}  // namespace

CallerServer::CallerServer(RpcSettings settings, const Authenticator* authenticator,
                           CallObserver* observer) {
  settings.address = "127.0.0.1:0";
  Handlers handlers;
  handlers.unary.push_back(std::make_unique<CallerHandler>(AnyUnaryMethod(), executor_));
  auto server = RpcServer::Start(
      settings, TypesContract(), std::move(handlers), Admitter(authenticator, nullptr, nullptr),
      [](auto) {}, observer);
  EXPECT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
}

std::string CallerServer::Call(const std::shared_ptr<grpc::Channel>& channel,
                               const Metadata& metadata, bool through_calls) {
  if (through_calls) return CallThroughCalls(*channel, metadata);
  const grpc::Status status = CallUnary<types::v1::Counter, types::v1::Counter>(
      *channel, AnyUnaryMethod().path, metadata, {});
  return ResultOf(status.error_code(), status.error_message(), status.error_details());
}

grpc::Status CallerServer::CheckHealth(const std::shared_ptr<grpc::Channel>& channel,
                                       const Metadata& metadata) {
  return CallUnary<grpc::health::v1::HealthCheckRequest, grpc::health::v1::HealthCheckResponse>(
      *channel, "/grpc.health.v1.Health/Check", metadata, {});
}

std::shared_ptr<grpc::Channel> CallerServer::Connect(const std::string& ca, const PemPair& own) {
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (!ca.empty()) {
    credentials = grpc::SslCredentials(
        {.pem_root_certs = ca, .pem_private_key = own.key, .pem_cert_chain = own.certificate});
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(absl::StrCat("127.0.0.1:", port()), credentials, arguments);
}

}  // namespace dataservice::test
