#include "policy_fixture.h"

#include <grpcpp/support/sync_stream.h>

#include <fstream>

#include "absl/time/clock.h"

namespace dataservice::test {
namespace {

constexpr char kPolicy[] = R"(
rules:
  - name: public
    who: [{anonymous: true}]
    call: [types.v1.CounterService/read]
  - name: readers
    who: [{subject: reader}]
    call: [read]
  - name: writers
    who: [{subject: "writer*"}]
    call: [read, write]
  - name: limited
    who: [{subject: limited}]
    call: [types.v1.OrderService/*, types.v1.SampleService/*]
    withhold: [types.v1.Order.user, types.v1.Sample.text, types.v1.Sample.part]
    read_only: [types.v1.Sample.i32, types.v1.Order.group]
  - name: mergers
    who: [{subject: merger}]
    call: [types.v1.OrderService/MergeOrders]
)";

constexpr absl::Duration kPeriod = absl::Milliseconds(5);

}  // namespace

absl::StatusOr<CallerPtr> NaiveAuthenticator::Identify(
    const Peer&, const AuthorizationValues& authorization) const {
  if (authorization.empty()) return AnonymousCaller();
  if (authorization[0] == "forged") return absl::UnauthenticatedError("the token is forged");
  return std::make_shared<Caller>(
      Caller{.kind = CallerKind::kToken, .subject = std::string(authorization[0])});
}

void KeptAudit::Add(const AuditRecord& record) {
  absl::MutexLock lock(&mutex_);
  lines_.push_back(AuditLine(record));
}

std::vector<std::string> KeptAudit::Take() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(lines_, {});
}

PolicyTest::PolicyTest() : contract_(*Contract::BuildFromGeneratedPool("types/v1/types.proto")) {
  std::ofstream(folder_ / "policy.yaml") << kPolicy;
  auto policy = PolicyFile::Open(folder_ / "policy.yaml", *contract_, kPeriod);
  EXPECT_TRUE(policy.ok()) << policy.status();
  policy_ = *std::move(policy);
  guarded_ = std::make_unique<Engine>(
      ExecutionSettings(), RpcSettings(), AppDatabase(), "types/v1/types.proto",
      Guards{.authenticator = &authenticator_, .policy = policy_.get(), .audit = &audit_});
}

void PolicyTest::Replace(const std::string& policy) {
  const auto before = policy_->Current();
  std::ofstream(folder_ / "new.yaml") << policy;
  std::filesystem::rename(folder_ / "new.yaml", folder_ / "policy.yaml");
  for (int i = 0; i < 200 && policy_->Current() == before; ++i) {
    absl::SleepFor(kPeriod);
  }
}

grpc::StatusCode PolicyTest::ExchangeAs(const std::string& subject, const std::string& method,
                                        const google::protobuf::Message& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  const grpc::internal::RpcMethod rpc("/dataservice.v1.CallService/Exchange",
                                      grpc::internal::RpcMethod::BIDI_STREAMING);
  const std::unique_ptr<grpc::ClientReaderWriter<v1::CallBatch, v1::AnswerBatch>> stream(
      grpc::internal::ClientReaderWriterFactory<v1::CallBatch, v1::AnswerBatch>::Create(
          guarded_->channel().get(), rpc, &context));
  v1::CallBatch batch;
  auto& call = *batch.add_calls();
  call.set_id(1);
  call.set_method("/types.v1." + method);
  call.set_request(request.SerializeAsString());
  if (!subject.empty()) {
    call.add_metadata()->set_key("authorization");
    call.mutable_metadata(0)->set_value(subject);
  }
  stream->Write(batch);
  stream->WritesDone();
  v1::AnswerBatch answers;
  while (stream->Read(&answers)) {
    if (answers.answers_size() == 0) continue;
    return static_cast<grpc::StatusCode>(answers.answers(0).code());
  }
  ADD_FAILURE() << "the stream has no answer";
  return grpc::StatusCode::UNKNOWN;
}

}  // namespace dataservice::test
