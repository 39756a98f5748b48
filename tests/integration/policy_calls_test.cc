// The policy decides on every kind of call, and is replaced under load.
#include <grpcpp/support/sync_stream.h>

#include <atomic>
#include <thread>

#include "grpc/health/v1/health.pb.h"
#include "grpc/reflection/v1/reflection.pb.h"
#include "policy_fixture.h"
#include "status_info.h"
#include "stream_calls.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PolicyCalls : public PolicyTest {
 protected:
  grpc::Status Get(const std::string& subject) {
    types::v1::GetCounterRequest request;
    request.set_number(1);
    types::v1::Counter counter;
    return CallAs(subject, "CounterService/GetCounter", request, counter);
  }
  grpc::Status Create(const std::string& subject, int64_t number,
                      std::multimap<std::string, std::string> metadata = {}) {
    types::v1::CreateCounterRequest request;
    request.mutable_counter()->set_number(number);
    request.mutable_counter()->set_value(1);
    request.mutable_counter()->set_colour("red");
    types::v1::Counter counter;
    return CallAs(subject, "CounterService/CreateCounter", request, counter, std::move(metadata));
  }
};

TEST_F(PolicyCalls, DecidesOnUnaryCalls) {
  EXPECT_EQ(Create("writer1", 1).error_code(), StatusCode::OK);
  EXPECT_EQ(Get("").error_code(), StatusCode::OK);
  EXPECT_EQ(Get("reader").error_code(), StatusCode::OK);
  const grpc::Status anonymous = Create("", 2);
  EXPECT_EQ(anonymous.error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(ReasonOf(anonymous), "IDENTITY_REQUIRED");
  const grpc::Status reader = Create("reader", 2);
  EXPECT_EQ(reader.error_code(), StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ReasonOf(reader), "CALL_DENIED");
  EXPECT_EQ(Get("stranger").error_code(), StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "1");
}

TEST_F(PolicyCalls, DecidesOnEachCallOfCallService) {
  types::v1::GetCounterRequest get;
  get.set_number(1);
  EXPECT_EQ(ExchangeAs("", "CounterService/GetCounter", get), StatusCode::NOT_FOUND);
  EXPECT_EQ(ExchangeAs("stranger", "CounterService/GetCounter", get),
            StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(ExchangeAs("forged", "CounterService/GetCounter", get), StatusCode::UNAUTHENTICATED);
  types::v1::DeleteCounterRequest deletion;
  deletion.set_number(1);
  EXPECT_EQ(ExchangeAs("", "CounterService/DeleteCounter", deletion), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(ExchangeAs("writer", "CounterService/DeleteCounter", deletion), StatusCode::NOT_FOUND);
}

TEST_F(PolicyCalls, DecidesOnStreams) {
  CounterImport import(*guarded_);
  import.Send(1);
  EXPECT_EQ(import.Finish().error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0");
  const auto exported = [&](const std::string& subject) {
    grpc::ClientContext context;
    if (!subject.empty()) context.AddMetadata("authorization", subject);
    const auto rows = OpenExport<types::v1::ExportOrdersRequest, types::v1::Order>(
        *guarded_, "OrderService/ExportOrders", context, {});
    types::v1::Order row;
    while (rows->Read(&row)) {
    }
    return rows->Finish().error_code();
  };
  EXPECT_EQ(exported("reader"), StatusCode::OK);
  EXPECT_EQ(exported(""), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(exported("merger"), StatusCode::PERMISSION_DENIED);
}

TEST_F(PolicyCalls, ACustomMethodIsDecidedOnOnceForAllThatItCalls) {
  Sql("INSERT INTO types.\"order\" (code, \"group\", \"table\") VALUES ('a', 0, 0), ('b', 0, 0)");
  types::v1::MergeOrdersRequest merge;
  merge.set_code("a");
  merge.set_into_code("b");
  types::v1::MergeOrdersResponse merged;
  EXPECT_EQ(CallAs("writer", "OrderService/MergeOrders", merge, merged).error_code(),
            StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(CallAs("merger", "OrderService/MergeOrders", merge, merged).error_code(),
            StatusCode::OK);
  EXPECT_EQ(Sql("SELECT string_agg(code, ',') FROM types.\"order\""), "b");
}

TEST_F(PolicyCalls, HealthIsOpenAndReflectionIsNot) {
  grpc::health::v1::HealthCheckRequest check;
  grpc::health::v1::HealthCheckResponse health;
  EXPECT_EQ(guarded_->Call("/grpc.health.v1.Health/Check", check, health).error_code(),
            StatusCode::OK);
  const auto reflect = [&] {
    grpc::ClientContext context;
    const grpc::internal::RpcMethod rpc("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                                        grpc::internal::RpcMethod::BIDI_STREAMING);
    using grpc::reflection::v1::ServerReflectionRequest;
    using grpc::reflection::v1::ServerReflectionResponse;
    const std::unique_ptr<
        grpc::ClientReaderWriter<ServerReflectionRequest, ServerReflectionResponse>>
        stream(grpc::internal::ClientReaderWriterFactory<
               ServerReflectionRequest, ServerReflectionResponse>::Create(guarded_->channel().get(),
                                                                          rpc, &context));
    ServerReflectionRequest request;
    request.set_list_services("");
    stream->Write(request);
    stream->WritesDone();
    ServerReflectionResponse response;
    while (stream->Read(&response)) {
    }
    return stream->Finish().error_code();
  };
  EXPECT_EQ(reflect(), StatusCode::UNAUTHENTICATED);
  Replace("rules: [{name: a, who: [{anonymous: true}], call: [reflection]}]");
  EXPECT_EQ(reflect(), StatusCode::OK);
}

TEST_F(PolicyCalls, ABrokenFileLeavesThePolicyInForce) {
  EXPECT_EQ(Get("").error_code(), StatusCode::NOT_FOUND);
  Replace("rules: [{name: a, who: everybody}]");
  EXPECT_EQ(Get("").error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(Get("stranger").error_code(), StatusCode::PERMISSION_DENIED);
  Replace("rules: []");
  EXPECT_EQ(Get("").error_code(), StatusCode::UNAUTHENTICATED);
}

TEST_F(PolicyCalls, IsReplacedWhile64Call) {
  const std::string open = "rules: [{name: a, who: [{anonymous: true}], call: [read]}]";
  Replace(open);
  std::atomic<bool> stop{false};
  std::atomic<int> permitted{0};
  std::atomic<int> denied{0};
  std::atomic<int> others{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 64; ++i) {
    callers.emplace_back([&] {
      while (!stop) {
        const auto code = Get("").error_code();
        (code == StatusCode::NOT_FOUND         ? permitted
         : code == StatusCode::UNAUTHENTICATED ? denied
                                               : others)++;
      }
    });
  }
  for (int i = 0; i < 10; ++i) {
    Replace(i % 2 == 0 ? "rules: []" : open);
    if (i % 2 == 0) {
      // Whoever calls now is denied: the change is complete.
      EXPECT_EQ(Get("").error_code(), StatusCode::UNAUTHENTICATED);
    } else {
      EXPECT_EQ(Get("").error_code(), StatusCode::NOT_FOUND);
    }
  }
  stop = true;
  for (auto& caller : callers) caller.join();
  EXPECT_GT(permitted, 0);
  EXPECT_GT(denied, 0);
  EXPECT_EQ(others, 0);
}

TEST_F(PolicyCalls, RecordsWritesAndRefusals) {
  Create("writer", 7, {{"x-request-id", "r-1"}});
  EXPECT_THAT(
      audit_.Take(),
      ElementsAre(AllOf(HasSubstr(R"("event":"write")"), HasSubstr(R"("subject":"writer")"),
                        HasSubstr(R"("method":"types.v1.CounterService/CreateCounter")"),
                        HasSubstr(R"("resource":"types.v1.Counter","keys":["7"],"code":"OK")"),
                        HasSubstr(R"("request_id":"r-1")"), Not(HasSubstr("red")))));
  Create("writer", 7);
  EXPECT_THAT(audit_.Take(), ElementsAre(HasSubstr(R"("keys":["7"],"code":"ALREADY_EXISTS")")));
  Get("reader");
  EXPECT_THAT(audit_.Take(), IsEmpty());
  Get("stranger");
  EXPECT_THAT(
      audit_.Take(),
      ElementsAre(AllOf(HasSubstr(R"("event":"denied")"), HasSubstr(R"("subject":"stranger")"),
                        HasSubstr(R"("code":"PERMISSION_DENIED","reason":"CALL_DENIED")"))));
  Get("forged");
  EXPECT_THAT(audit_.Take(), ElementsAre(HasSubstr(R"("code":"UNAUTHENTICATED")")));
  types::v1::DeleteCounterRequest deletion;
  deletion.set_number(7);
  ExchangeAs("writer", "CounterService/DeleteCounter", deletion);
  EXPECT_THAT(audit_.Take(), ElementsAre(HasSubstr(R"("keys":["7"],"code":"OK")")));
}

TEST_F(PolicyCalls, RecordsBatchesAndImportsInOneLineEach) {
  types::v1::BatchCreateOrdersRequest batch;
  for (const char* code : {"x", "y", "z"}) batch.add_requests()->mutable_order()->set_code(code);
  batch.set_request_id("claim-1");
  types::v1::BatchCreateOrdersResponse created;
  EXPECT_TRUE(CallAs("writer", "OrderService/BatchCreateOrders", batch, created).ok());
  EXPECT_THAT(audit_.Take(), ElementsAre(AllOf(HasSubstr(R"("keys":["x","y","z"])"),
                                               HasSubstr(R"("claim":"claim-1")"))));
  Create("writer", 2);
  Create("writer", 3);
  EXPECT_EQ(audit_.Take().size(), 2U);
  Replace("rules: [{name: a, who: [{anonymous: true}], call: [write]}]");
  CounterImport import(*guarded_);
  for (int i = 2; i <= 5; ++i) import.Send(i);
  EXPECT_TRUE(import.Finish().ok());
  EXPECT_THAT(audit_.Take(),
              ElementsAre(AllOf(HasSubstr("ImportCounters"),
                                HasSubstr(R"("code":"OK","imported":2,"failed":2)"))));
}

}  // namespace
}  // namespace dataservice::test
