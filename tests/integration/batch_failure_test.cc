// Whatever fails in a batch undoes all of it, and names its element.
#include "batch_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;

class BatchFailureTest : public BatchTest {
 protected:
  void ExpectFailure(const grpc::Status& status, StatusCode code, const std::string& element) {
    EXPECT_EQ(status.error_code(), code) << status.error_message();
    EXPECT_EQ(ElementOf(status), element) << status.error_message();
  }
};

TEST_F(BatchFailureTest, KeysThatExist) {
  ASSERT_TRUE(CreateCounters({2, 4}).ok());
  ExpectFailure(CreateCounters({1, 5, 4, 3, 2}), StatusCode::ALREADY_EXISTS, "requests[2]");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "2");
}

TEST_F(BatchFailureTest, RowsThatAreMissing) {
  ASSERT_TRUE(CreateCounters({1, 2}).ok());
  types::v1::BatchUpdateCountersRequest update;
  for (const int number : {1, 3, 2}) {
    auto& counter = *update.add_requests()->mutable_counter();
    counter.set_number(number);
    counter.set_colour("green");
  }
  types::v1::BatchUpdateCountersResponse response;
  ExpectFailure(engine_.Call("CounterService/BatchUpdateCounters", update, response),
                StatusCode::NOT_FOUND, "requests[1]");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally WHERE colour = 'green'"), "0");
  types::v1::BatchDeleteCountersRequest remove;
  for (const int number : {1, 2, 3}) remove.add_numbers(number);
  google::protobuf::Empty empty;
  ExpectFailure(engine_.Call("CounterService/BatchDeleteCounters", remove, empty),
                StatusCode::NOT_FOUND, "numbers[2]");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "2");
}

TEST_F(BatchFailureTest, AVersionInTheMiddle) {
  const auto samples = CreateSamples(5);
  types::v1::BatchUpdateSamplesRequest request;
  for (const auto& sample : samples) {
    auto& update = *request.add_requests();
    update.mutable_sample()->set_id(sample.id());
    update.mutable_sample()->set_etag(sample.etag());
    // Two shapes: the first statement has changed rows when the second fails.
    if (sample.i32() % 2 == 0) update.mutable_sample()->set_i32(100);
    if (sample.i32() % 2 == 1) update.mutable_sample()->set_text("changed");
  }
  request.mutable_requests(3)->mutable_sample()->set_etag("e320ffacec13fc");
  const auto status = Update(request);
  ExpectFailure(status, StatusCode::ABORTED, "requests[3]");
  EXPECT_EQ(ReasonOf(status), "ETAG_MISMATCH");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample WHERE i32 = 100 OR text <> ''"), "0");
  request.mutable_requests(3)->mutable_sample()->set_etag(samples[3].etag());
  EXPECT_TRUE(Update(request).ok());
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample WHERE i32 = 100 OR text <> ''"), "5");

  types::v1::BatchDeleteSamplesRequest remove;
  for (const auto& sample : samples) remove.add_requests()->set_id(sample.id());
  remove.mutable_requests(4)->set_etag(samples[4].etag());  // the old one
  google::protobuf::Empty empty;
  ExpectFailure(engine_.Call("SampleService/BatchDeleteSamples", remove, empty),
                StatusCode::ABORTED, "requests[4]");
  remove.mutable_requests(4)->clear_etag();
  auto& gone = *remove.add_requests();
  gone.set_id("01a20c76-3549-792b-8739-70a1d035828a");
  gone.set_allow_missing(true);
  EXPECT_TRUE(engine_.Call("SampleService/BatchDeleteSamples", remove, empty).ok());
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample"), "0");
}

TEST_F(BatchFailureTest, AnImmutableField) {
  ASSERT_TRUE(CreateOrders({"a", "b"}).ok());
  types::v1::BatchUpdateOrdersRequest request;
  request.add_requests()->mutable_order()->set_code("a");
  request.mutable_requests(0)->mutable_order()->set_user("me");
  request.add_requests()->mutable_order()->set_code("b");
  request.mutable_requests(1)->mutable_order()->set_group(3);
  types::v1::BatchUpdateOrdersResponse response;
  ExpectFailure(engine_.Call("OrderService/BatchUpdateOrders", request, response),
                StatusCode::INVALID_ARGUMENT, "requests[1]");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.\"order\" WHERE \"user\" IS NOT NULL"), "0");
}

TEST_F(BatchFailureTest, AReferenceToNothing) {
  types::v1::BatchCreateSamplesRequest request;
  for (int i = 0; i < 1000; ++i) request.add_requests()->mutable_sample();
  for (const int bad : {0, 777, 999}) {
    auto copy = request;
    copy.mutable_requests(bad)->mutable_sample()->set_order_code("none");
    types::v1::BatchCreateSamplesResponse response;
    const auto status = engine_.Call("SampleService/BatchCreateSamples", copy, response);
    ExpectFailure(status, StatusCode::FAILED_PRECONDITION, "requests[" + std::to_string(bad) + "]");
    EXPECT_EQ(ReasonOf(status), "REFERENCE_MISSING");
  }
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample"), "0");
}

TEST_F(BatchFailureTest, AUniqueValue) {
  ASSERT_TRUE(CreateOrders({"x"}, true).ok());
  types::v1::BatchCreateOrdersRequest request;
  for (const char* user : {"a", "b", "x", "c"}) {
    auto& order = *request.add_requests()->mutable_order();
    order.set_code(std::string("new ") + user);
    order.set_user(user);
  }
  types::v1::BatchCreateOrdersResponse response;
  ExpectFailure(engine_.Call("OrderService/BatchCreateOrders", request, response),
                StatusCode::FAILED_PRECONDITION, "requests[2]");
  request.mutable_requests(2)->mutable_order()->set_user("a");  // of another element
  ExpectFailure(engine_.Call("OrderService/BatchCreateOrders", request, response),
                StatusCode::FAILED_PRECONDITION, "requests[2]");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.\"order\""), "1");
}

TEST_F(BatchFailureTest, AReferenceThatHoldsARow) {
  ASSERT_TRUE(CreateOrders({"a", "b", "c"}).ok());
  types::v1::CreateSampleRequest sample;
  sample.mutable_sample()->set_order_code("b");
  types::v1::Sample made;
  ASSERT_TRUE(engine_.Call("SampleService/CreateSample", sample, made).ok());
  types::v1::BatchDeleteOrdersRequest request;
  for (const char* code : {"c", "b", "a"}) request.add_codes(code);
  google::protobuf::Empty empty;
  const auto status = engine_.Call("OrderService/BatchDeleteOrders", request, empty);
  ExpectFailure(status, StatusCode::FAILED_PRECONDITION, "codes[1]");
  EXPECT_EQ(ReasonOf(status), "STILL_REFERENCED");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.\"order\""), "3");
}

TEST_F(BatchFailureTest, AConstraintOfTheDatabaseAlone) {
  Sql("ALTER TABLE types.tally ADD CONSTRAINT odd CHECK (number <> 13)");
  std::vector<int64_t> numbers;
  for (int i = 20; i > 0; --i) numbers.push_back(i);
  const auto status = CreateCounters(numbers);
  Sql("ALTER TABLE types.tally DROP CONSTRAINT odd");
  ExpectFailure(status, StatusCode::INVALID_ARGUMENT, "requests[7]");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0");
}

// A reference that is broken for a moment only: the trigger's sequence says that it
// is the first try.
TEST_F(BatchFailureTest, NobodyIsNamedForWhatHasPassed) {
  Sql("CREATE SEQUENCE types.attempts");
  Sql("GRANT USAGE ON SEQUENCE types.attempts TO PUBLIC");
  Sql("CREATE FUNCTION types.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF nextval('types.attempts') = 1 THEN RAISE foreign_key_violation; END IF; RETURN NEW; "
      "END $$");
  Sql("CREATE TRIGGER refuse BEFORE INSERT ON types.tally FOR EACH ROW "
      "EXECUTE FUNCTION types.refuse()");
  const auto status = CreateCounters({1, 2, 3, 4, 5});
  Sql("DROP FUNCTION types.refuse() CASCADE");
  Sql("DROP SEQUENCE types.attempts");
  ExpectFailure(status, StatusCode::FAILED_PRECONDITION, "");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0");
}

TEST_F(BatchFailureTest, AKeyTwice) {
  EXPECT_EQ(CreateCounters({1, 2, 1}).error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0");
}

TEST_F(BatchFailureTest, ConditionsOfTheWholeCall) {
  google::protobuf::Empty empty;
  types::v1::BatchDeleteCountersRequest request;
  EXPECT_EQ(engine_
                .Call("CounterService/BatchDeleteCounters", request, empty, 10000,
                      {{"if-match", "\"x\""}})
                .error_code(),
            StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace dataservice::test
