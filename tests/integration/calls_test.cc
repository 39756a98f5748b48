// dataservice.v1.CallService: many unary calls in the messages of one stream.
#include <grpcpp/support/sync_stream.h>

#include <map>
#include <pqxx/pqxx>
#include <thread>

#include "dataservice/v1/calls.pb.h"
#include "engine_fixture.h"
#include "status_info.h"

namespace dataservice::test {
namespace {

using dataservice::v1::Answer;
using dataservice::v1::AnswerBatch;
using dataservice::v1::Call;
using dataservice::v1::CallBatch;
using types::v1::Counter;

// One stream, whose first message of the server has come.
class Exchange {
 public:
  explicit Exchange(Engine& engine) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    const grpc::internal::RpcMethod rpc("/dataservice.v1.CallService/Exchange",
                                        grpc::internal::RpcMethod::BIDI_STREAMING);
    stream_.reset(grpc::internal::ClientReaderWriterFactory<CallBatch, AnswerBatch>::Create(
        engine.channel().get(), rpc, &context_));
    AnswerBatch first;
    EXPECT_TRUE(stream_->Read(&first));
    EXPECT_EQ(first.answers_size(), 0);
  }

  bool Send(const CallBatch& batch) { return stream_->Write(batch); }

  // The answer with that id; answers of others are kept.
  Answer Await(uint64_t id) {
    while (!answers_.contains(id)) {
      AnswerBatch batch;
      if (!stream_->Read(&batch)) {
        ADD_FAILURE() << "the stream ended without the answer " << id;
        return {};
      }
      for (const Answer& answer : batch.answers()) {
        EXPECT_TRUE(answers_.emplace(answer.id(), answer).second) << "two answers " << answer.id();
      }
    }
    return answers_[id];
  }

  // Ends the calls, and reads until the end of the stream.
  grpc::Status End() {
    stream_->WritesDone();
    return Status();
  }
  grpc::Status Status() {
    AnswerBatch batch;
    while (stream_->Read(&batch)) {
      for (const Answer& answer : batch.answers()) answers_[answer.id()] = answer;
    }
    return stream_->Finish();
  }
  size_t answered() const { return answers_.size(); }
  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<CallBatch, AnswerBatch>> stream_;
  std::map<uint64_t, Answer> answers_;
};

Call& Add(CallBatch& batch, uint64_t id, const std::string& method,
          const google::protobuf::Message& request) {
  Call& call = *batch.add_calls();
  call.set_id(id);
  call.set_method(method.starts_with('/') ? method : "/types.v1." + method);
  call.set_request(request.SerializeAsString());
  return call;
}

void AddMetadata(Call& call, const std::string& key, const std::string& value) {
  auto& entry = *call.add_metadata();
  entry.set_key(key);
  entry.set_value(value);
}

types::v1::CreateCounterRequest Creation(int64_t number) {
  types::v1::CreateCounterRequest request;
  request.mutable_counter()->set_number(number);
  request.mutable_counter()->set_value(0.5);
  request.mutable_counter()->set_colour("red");
  return request;
}

types::v1::GetCounterRequest Get(int64_t number) {
  types::v1::GetCounterRequest request;
  request.set_number(number);
  return request;
}

// The status that a unary call would have.
grpc::Status StatusOf(const Answer& answer) {
  return {static_cast<grpc::StatusCode>(answer.code()), answer.message(), answer.details()};
}

class CallsTest : public EngineTest {};

TEST_F(CallsTest, CallsOfOneMessageAreAllAnswered) {
  Exchange exchange(engine_);
  CallBatch creations;
  for (int i = 1; i <= 500; ++i) {
    Add(creations, static_cast<uint64_t>(i), "CounterService/CreateCounter", Creation(i));
  }
  ASSERT_TRUE(exchange.Send(creations));
  for (int i = 1; i <= 500; ++i) {
    const Answer answer = exchange.Await(static_cast<uint64_t>(i));
    ASSERT_EQ(answer.code(), 0U) << answer.message();
    ASSERT_EQ(answer.metadata_size(), 1);
    EXPECT_EQ(answer.metadata(0).key(), "resource-created");
    EXPECT_EQ(answer.metadata(0).value(), "true");
  }
  CallBatch reads;
  for (int i = 1; i <= 500; ++i) {
    Add(reads, static_cast<uint64_t>(1000 + i), "CounterService/GetCounter", Get(i));
  }
  ASSERT_TRUE(exchange.Send(reads));
  for (int i = 1; i <= 500; ++i) {
    Counter counter;
    const Answer answer = exchange.Await(static_cast<uint64_t>(1000 + i));
    ASSERT_TRUE(counter.ParseFromString(answer.response()));
    EXPECT_EQ(counter.number(), i);
    EXPECT_EQ(answer.metadata_size(), 0);
  }
  EXPECT_TRUE(exchange.End().ok());
}

// A call that comes alone is executed by the thread that read it; the stream reads on meanwhile.
TEST_F(CallsTest, ACallOnALockedRowDelaysNoOther) {
  Exchange exchange(engine_);
  uint64_t id = 0;
  const auto call = [&](const std::string& method, const google::protobuf::Message& request) {
    CallBatch batch;
    Add(batch, ++id, method, request);
    EXPECT_TRUE(exchange.Send(batch));
    return id;
  };
  for (int i = 1; i <= 100; ++i) {
    EXPECT_EQ(exchange.Await(call("CounterService/CreateCounter", Creation(i))).code(), 0U);
  }
  pqxx::connection connection(OwnerDatabase());
  pqxx::work lock(connection);
  lock.exec("SELECT 1 FROM types.tally WHERE number = 1 FOR UPDATE");
  types::v1::DeleteCounterRequest deletion;
  deletion.set_number(1);
  const uint64_t held = call("CounterService/DeleteCounter", deletion);
  for (int i = 2; i <= 100; ++i) {
    EXPECT_EQ(exchange.Await(call("CounterService/GetCounter", Get(i))).code(), 0U);
  }
  EXPECT_EQ(exchange.answered(), id - 1);
  lock.commit();
  EXPECT_EQ(exchange.Await(held).code(), 0U);
  EXPECT_TRUE(exchange.End().ok());
}

TEST_F(CallsTest, ErrorsAreThoseOfUnaryCalls) {
  Exchange exchange(engine_);
  CallBatch batch;
  auto wrong = Creation(1);
  wrong.mutable_counter()->set_colour("no colour");
  Add(batch, 1, "CounterService/CreateCounter", wrong);
  Add(batch, 2, "CounterService/GetCounter", Get(404));
  Add(batch, 3, "CounterService/NoSuchMethod", Get(1));
  Add(batch, 4, "CounterService/ExportCounters", google::protobuf::Empty());
  Add(batch, 5, "/dataservice.v1.CallService/Exchange", google::protobuf::Empty());
  Add(batch, 6, "CounterService/GetCounter", Get(1)).set_request("\x08");
  ASSERT_TRUE(exchange.Send(batch));
  Counter counter;
  const auto unary = engine_.Call("CounterService/CreateCounter", wrong, counter);
  const auto invalid = StatusOf(exchange.Await(1));
  EXPECT_EQ(invalid.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(invalid.error_message(), unary.error_message());
  EXPECT_EQ(ViolationsOf(invalid), ViolationsOf(unary));
  EXPECT_EQ(StatusOf(exchange.Await(2)).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(StatusOf(exchange.Await(2))),
            ReasonOf(engine_.Call("CounterService/GetCounter", Get(404), counter)));
  for (const uint64_t id : {3, 4, 5}) {
    EXPECT_EQ(StatusOf(exchange.Await(id)).error_code(), grpc::StatusCode::UNIMPLEMENTED) << id;
  }
  EXPECT_EQ(StatusOf(exchange.Await(6)).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(exchange.End().ok());
}

TEST_F(CallsTest, MetadataIsThatOfTheCall) {
  types::v1::CreateSampleRequest creation;
  creation.mutable_sample();
  types::v1::Sample row;
  ASSERT_TRUE(engine_.Call("SampleService/CreateSample", creation, row).ok());
  types::v1::UpdateSampleRequest request;
  *request.mutable_sample() = row;
  request.mutable_sample()->clear_etag();
  request.mutable_sample()->set_i32(7);
  request.mutable_update_mask()->add_paths("i32");
  Exchange exchange(engine_);
  CallBatch batch;
  AddMetadata(Add(batch, 1, "SampleService/UpdateSample", request), "if-match", "\"0\"");
  ASSERT_TRUE(exchange.Send(batch));
  EXPECT_EQ(StatusOf(exchange.Await(1)).error_code(), grpc::StatusCode::ABORTED);
  batch.Clear();
  AddMetadata(Add(batch, 2, "SampleService/UpdateSample", request), "if-match",
              "\"" + row.etag() + "\"");
  ASSERT_TRUE(exchange.Send(batch));
  EXPECT_EQ(StatusOf(exchange.Await(2)).error_code(), grpc::StatusCode::OK);
}

TEST_F(CallsTest, EachCallHasTheCallerOfItsAuthorization) {
  Exchange exchange(engine_);
  const auto create = [&](uint64_t id, const std::string& authorization) {
    CallBatch batch;
    types::v1::CreateSampleRequest creation;
    creation.mutable_sample();
    creation.set_request_id("same");
    Call& call = Add(batch, id, "SampleService/CreateSample", creation);
    if (!authorization.empty()) AddMetadata(call, "authorization", authorization);
    EXPECT_TRUE(exchange.Send(batch));
    return StatusOf(exchange.Await(id));
  };
  EXPECT_TRUE(create(1, "Bearer a").ok());
  EXPECT_TRUE(create(2, "Bearer a").ok());
  EXPECT_EQ(ReasonOf(create(3, "Bearer b")), "REQUEST_ID_REUSED");
  EXPECT_EQ(ReasonOf(create(4, "")), "REQUEST_ID_REUSED");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample"), "1");
}

// Keeps the counter 1 locked until it is destroyed.
class LockedRow {
 public:
  LockedRow() : connection_(OwnerDatabase()), transaction_(connection_) {
    transaction_.exec("UPDATE types.tally SET value = 0.25 WHERE number = 1");
  }

 private:
  pqxx::connection connection_;
  pqxx::work transaction_;
};

types::v1::UpdateCounterRequest Change() {
  types::v1::UpdateCounterRequest request;
  request.mutable_counter()->set_number(1);
  request.mutable_counter()->set_value(0.75);
  request.mutable_update_mask()->add_paths("value");
  return request;
}

TEST_F(CallsTest, ACallEndsWithItsDeadlineAndHoldsUpNoOther) {
  Counter counter;
  ASSERT_TRUE(engine_.Call("CounterService/CreateCounter", Creation(1), counter).ok());
  ASSERT_TRUE(engine_.Call("CounterService/CreateCounter", Creation(2), counter).ok());
  auto locked = std::make_unique<LockedRow>();
  Exchange exchange(engine_);
  CallBatch batch;
  Add(batch, 1, "CounterService/UpdateCounter", Change()).set_timeout_us(300000);
  Add(batch, 2, "CounterService/UpdateCounter", Change()).set_timeout_us(60000000);
  Add(batch, 3, "CounterService/GetCounter", Get(2));
  ASSERT_TRUE(exchange.Send(batch));
  EXPECT_EQ(exchange.Await(3).code(), 0U);
  EXPECT_EQ(exchange.answered(), 1U);
  EXPECT_EQ(StatusOf(exchange.Await(1)).error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  CallBatch cancellation;
  cancellation.add_cancelled(2);
  cancellation.add_cancelled(77);  // unknown
  ASSERT_TRUE(exchange.Send(cancellation));
  batch.Clear();
  Add(batch, 4, "CounterService/GetCounter", Get(2));
  ASSERT_TRUE(exchange.Send(batch));
  EXPECT_EQ(exchange.Await(4).code(), 0U);
  // A statement that is executing is not interrupted, as with a unary call.
  locked.reset();
  exchange.Await(2);
  EXPECT_TRUE(exchange.End().ok());
}

TEST_F(CallsTest, BytesThatAreNoBatchEndTheStream) {
  const auto end = [&](const CallBatch& batch) {
    Exchange exchange(engine_);
    exchange.Send(batch);
    return exchange.Status().error_code();
  };
  CallBatch twice;
  Counter counter;
  ASSERT_TRUE(engine_.Call("CounterService/CreateCounter", Creation(1), counter).ok());
  {
    const LockedRow locked;
    Add(twice, 1, "CounterService/UpdateCounter", Change()).set_timeout_us(500000);
    Add(twice, 1, "CounterService/UpdateCounter", Change()).set_timeout_us(500000);
    EXPECT_EQ(end(twice), grpc::StatusCode::INVALID_ARGUMENT);
  }
  grpc::ClientContext context;
  const grpc::internal::RpcMethod rpc("/dataservice.v1.CallService/Exchange",
                                      grpc::internal::RpcMethod::BIDI_STREAMING);
  std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>> stream(
      grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>::Create(
          engine_.channel().get(), rpc, &context));
  const grpc::Slice bytes("\x0a\xff\xff");
  stream->Write(grpc::ByteBuffer(&bytes, 1));
  grpc::ByteBuffer answer;
  while (stream->Read(&answer)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(CallsTest, AClientThatLeavesStopsNothing) {
  Counter counter;
  ASSERT_TRUE(engine_.Call("CounterService/CreateCounter", Creation(1), counter).ok());
  {
    const LockedRow locked;
    Exchange exchange(engine_);
    CallBatch batch;
    for (uint64_t id = 1; id <= 100; ++id) {
      Add(batch, id, "CounterService/UpdateCounter", Change());
    }
    ASSERT_TRUE(exchange.Send(batch));
    exchange.Cancel();
    EXPECT_EQ(exchange.Status().error_code(), grpc::StatusCode::CANCELLED);
  }
  EXPECT_TRUE(engine_.Call("CounterService/UpdateCounter", Change(), counter).ok());
}

TEST_F(CallsTest, AServerThatStopsAnswersWhatItBegan) {
  Engine engine;
  Counter counter;
  ASSERT_TRUE(engine.Call("CounterService/CreateCounter", Creation(1), counter).ok());
  auto locked = std::make_unique<LockedRow>();
  Exchange exchange(engine);
  CallBatch batch;
  Add(batch, 1, "CounterService/UpdateCounter", Change()).set_timeout_us(30000000);
  ASSERT_TRUE(exchange.Send(batch));
  std::thread drain([&] { engine.Drain(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  CallBatch late;
  Add(late, 2, "CounterService/GetCounter", Get(1));
  exchange.Send(late);
  EXPECT_EQ(StatusOf(exchange.Await(2)).error_code(), grpc::StatusCode::UNAVAILABLE);
  locked.reset();
  EXPECT_EQ(exchange.Await(1).code(), 0U);
  EXPECT_TRUE(exchange.Status().ok());
  drain.join();
}

}  // namespace
}  // namespace dataservice::test
