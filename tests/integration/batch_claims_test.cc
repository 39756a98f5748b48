// A batch whose request has a request_id is carried out once.
#include <atomic>
#include <set>
#include <thread>

#include "claims_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using types::v1::BatchCreateSamplesRequest;
using types::v1::BatchCreateSamplesResponse;

class BatchClaimsTest : public ClaimsTest {
 protected:
  void TearDown() override {
    Sql("DROP FUNCTION IF EXISTS types.leave() CASCADE");
    Sql("DROP SEQUENCE IF EXISTS types.attempts");
  }

  static BatchCreateSamplesRequest Creation(const std::string& request_id, int count = 5) {
    BatchCreateSamplesRequest request;
    for (int i = 0; i < count; ++i) request.add_requests()->mutable_sample()->set_i32(i);
    request.set_request_id(request_id);
    return request;
  }
  Answered<BatchCreateSamplesResponse> Send(const BatchCreateSamplesRequest& request,
                                            const Metadata& metadata = {}) {
    Answered<BatchCreateSamplesResponse> answered;
    answered.status = engine_.Call("SampleService/BatchCreateSamples", request, answered.message,
                                   10000, metadata);
    return answered;
  }
};

TEST_F(BatchClaimsTest, ARepetitionGetsTheFirstAnswer) {
  const auto first = Send(Creation("batch"));
  ASSERT_TRUE(first.status.ok()) << first.status.error_message();
  EXPECT_EQ(first.message.samples_size(), 5);
  Sql("UPDATE types.sample SET text = 'changed'");
  EXPECT_EQ(Send(Creation("batch")).Text(), first.Text());
  Sql("DELETE FROM types.sample");
  EXPECT_EQ(Send(Creation("batch")).Text(), first.Text());
  EXPECT_EQ(Send(Creation(""), {{"idempotency-key", "batch"}}).Text(), first.Text());
  EXPECT_EQ(Samples(), "0");
  EXPECT_EQ(Claims(), "1");
}

TEST_F(BatchClaimsTest, RacedFromManyClientsThereIsOne) {
  constexpr int kClients = 16;
  std::vector<std::thread> clients;
  std::vector<std::string> texts(kClients);
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] { texts[static_cast<size_t>(i)] = Send(Creation("race")).Text(); });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(), 1U);
  EXPECT_TRUE(texts[0].starts_with("0 ")) << texts[0];
  EXPECT_EQ(Samples(), "5");
}

TEST_F(BatchClaimsTest, UpdatesAndDeletionsToo) {
  const auto made = Send(Creation("")).message;
  types::v1::BatchUpdateSamplesRequest update;
  types::v1::BatchDeleteSamplesRequest remove;
  for (const Sample& sample : made.samples()) {
    auto& change = *update.add_requests()->mutable_sample();
    change.set_id(sample.id());
    change.set_etag(sample.etag());
    change.set_text("once");
    remove.add_requests()->set_id(sample.id());
  }
  update.set_request_id("update");
  remove.set_request_id("remove");
  types::v1::BatchUpdateSamplesResponse first;
  types::v1::BatchUpdateSamplesResponse second;
  ASSERT_TRUE(engine_.Call("SampleService/BatchUpdateSamples", update, first).ok());
  google::protobuf::Empty empty;
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(engine_.Call("SampleService/BatchDeleteSamples", remove, empty).ok());
  }
  EXPECT_EQ(Samples(), "0");
  ASSERT_TRUE(engine_.Call("SampleService/BatchUpdateSamples", update, second).ok());
  EXPECT_EQ(Deterministic(first), Deterministic(second));
}

TEST_F(BatchClaimsTest, AnotherRequestIsRefused) {
  ASSERT_TRUE(Send(Creation("taken")).status.ok());
  const auto other = Send(Creation("taken", 6));
  EXPECT_EQ(other.status.error_code(), StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(ReasonOf(other.status), "REQUEST_ID_REUSED");
  EXPECT_EQ(ReasonOf(Send(Creation("taken"), {{"authorization", "another"}}).status),
            "REQUEST_ID_REUSED");
  EXPECT_EQ(ReasonOf(Write(CreationOf("one", "taken")).status), "REQUEST_ID_REUSED");
  ASSERT_TRUE(Write(CreationOf("one", "single")).status.ok());
  EXPECT_EQ(ReasonOf(Send(Creation("single")).status), "REQUEST_ID_REUSED");
  EXPECT_EQ(Samples(), "6");
}

TEST_F(BatchClaimsTest, AFailureClaimsNothing) {
  BatchCreateSamplesRequest request = Creation("again");
  request.mutable_requests(3)->mutable_sample()->set_order_code("none");
  EXPECT_EQ(Send(request).status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Claims(), "0");
  EXPECT_TRUE(Send(Creation("again")).status.ok());
  EXPECT_EQ(Samples(), "5");
}

TEST_F(BatchClaimsTest, AnElementHasNone) {
  BatchCreateSamplesRequest request = Creation("");
  request.mutable_requests(2)->set_request_id("inner");
  const auto answered = Send(request);
  EXPECT_EQ(answered.status.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(answered.status.error_message().find("requests[2].request_id"), std::string::npos)
      << answered.status.error_message();
  EXPECT_EQ(Samples(), "0");
}

// The connection ends under the first COMMIT, and nobody knows whether it held.
// The second try succeeds, because the trigger's sequence says that it is one.
TEST_F(BatchClaimsTest, ACommitWithoutAnAnswerIsTriedAgain) {
  Sql("CREATE SEQUENCE types.attempts");
  Sql("GRANT USAGE ON SEQUENCE types.attempts TO PUBLIC");
  Sql("CREATE FUNCTION types.leave() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF nextval('types.attempts') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); "
      "PERFORM pg_sleep(5); END IF; RETURN NULL; END $$");
  Sql("CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON types.sample DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW WHEN (NEW.i32 = 3) EXECUTE FUNCTION types.leave()");
  const auto answered = Send(Creation("lost"));
  ASSERT_TRUE(answered.status.ok()) << answered.status.error_message();
  EXPECT_EQ(Sql("SELECT last_value FROM types.attempts"), "2");
  EXPECT_EQ(Samples(), "5");
  EXPECT_EQ(Send(Creation("lost")).Text(), answered.Text());
}

}  // namespace
}  // namespace dataservice::test
