// Batch methods: all or nothing, in the order of the request.
#include <gmock/gmock.h>

#include "batch_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;
using types::v1::Sample;

TEST_F(BatchTest, ResultsAreInTheOrderOfTheRequest) {
  types::v1::BatchCreateCountersResponse created;
  const std::vector<int64_t> numbers = {5, 30, -9, 4, 1000000000000};
  ASSERT_TRUE(CreateCounters(numbers, created).ok());
  types::v1::BatchGetCountersRequest get;
  for (const int64_t number : {30, -9, 30, 5}) get.add_numbers(number);
  types::v1::BatchGetCountersResponse got;
  ASSERT_TRUE(engine_.Call("CounterService/BatchGetCounters", get, got).ok());
  std::vector<int64_t> made;
  for (const auto& counter : created.counters()) made.push_back(counter.number());
  EXPECT_EQ(made, numbers);
  ASSERT_EQ(got.counters_size(), 4);
  EXPECT_EQ(got.counters(0).number(), 30);
  EXPECT_EQ(got.counters(2).SerializeAsString(), got.counters(0).SerializeAsString());
  EXPECT_EQ(got.counters(3).SerializeAsString(), created.counters(0).SerializeAsString());
}

TEST_F(BatchTest, NoElementsAreAnEmptyAnswer) {
  EXPECT_TRUE(CreateCounters({}).ok());
  types::v1::BatchGetOrdersResponse got;
  EXPECT_TRUE(
      engine_.Call("OrderService/BatchGetOrders", types::v1::BatchGetOrdersRequest(), got).ok());
  EXPECT_EQ(got.orders_size(), 0);
  google::protobuf::Empty empty;
  EXPECT_TRUE(
      engine_
          .Call("SampleService/BatchDeleteSamples", types::v1::BatchDeleteSamplesRequest(), empty)
          .ok());
}

TEST_F(BatchTest, AMissingRowIsNamed) {
  ASSERT_TRUE(CreateOrders({"a", "{b}", "\"c\""}).ok());
  types::v1::BatchGetOrdersRequest get;
  for (const char* code : {"\"c\"", "{b}", "a"}) get.add_codes(code);
  types::v1::BatchGetOrdersResponse got;
  ASSERT_TRUE(engine_.Call("OrderService/BatchGetOrders", get, got).ok());
  EXPECT_EQ(got.orders(0).code(), "\"c\"");
  get.add_codes("d, e");
  const auto status = engine_.Call("OrderService/BatchGetOrders", get, got);
  EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("d, e"));
  EXPECT_EQ(ElementOf(status), "codes[3]");
}

TEST_F(BatchTest, DifferentMasksInOneBatch) {
  const auto samples = CreateSamples(4);
  types::v1::BatchUpdateSamplesRequest request;
  auto& named = *request.add_requests();
  named.mutable_sample()->set_id(samples[3].id());
  named.mutable_sample()->set_i32(70);
  named.mutable_sample()->set_text("not in the mask");
  named.mutable_update_mask()->add_paths("i32");
  auto& nested = *request.add_requests();
  nested.mutable_sample()->set_id(samples[0].id());
  nested.mutable_sample()->mutable_part()->set_name("inner");
  nested.mutable_update_mask()->add_paths("part.name");
  auto& set = *request.add_requests();
  set.mutable_sample()->set_id(samples[1].id());
  set.mutable_sample()->set_text("set");
  set.mutable_sample()->set_etag(samples[1].etag());
  auto& missing = *request.add_requests();
  missing.mutable_sample()->set_id("01a20c76-3549-792b-8739-70a1d035828a");
  missing.mutable_sample()->set_text("new");
  missing.set_allow_missing(true);
  auto& same = *request.add_requests();
  same.mutable_sample()->set_id(samples[2].id());
  same.mutable_sample()->set_i32(80);
  same.mutable_update_mask()->add_paths("i32");
  types::v1::BatchUpdateSamplesResponse response;
  const auto status = engine_.Call("SampleService/BatchUpdateSamples", request, response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.samples_size(), 5);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(response.samples(i).id(), request.requests(i).sample().id());
  }
  EXPECT_EQ(response.samples(0).i32(), 70);
  EXPECT_EQ(response.samples(0).text(), "");
  EXPECT_EQ(response.samples(1).part().name(), "inner");
  EXPECT_EQ(response.samples(1).i32(), 0);
  EXPECT_EQ(response.samples(2).text(), "set");
  EXPECT_EQ(response.samples(2).i32(), 1);
  EXPECT_EQ(response.samples(3).text(), "new");
  EXPECT_EQ(response.samples(4).i32(), 80);
  types::v1::BatchGetSamplesRequest get;
  for (const Sample& sample : response.samples()) get.add_ids(sample.id());
  types::v1::BatchGetSamplesResponse got;
  ASSERT_TRUE(engine_.Call("SampleService/BatchGetSamples", get, got).ok());
  EXPECT_EQ(got.SerializeAsString(), response.SerializeAsString());
}

TEST_F(BatchTest, AThousandElementsAndNoMore) {
  std::vector<int64_t> numbers;
  for (int i = 1; i <= 1001; ++i) numbers.push_back(i);
  EXPECT_EQ(CreateCounters(numbers).error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0");
  numbers.pop_back();
  types::v1::BatchCreateCountersResponse created;
  ASSERT_TRUE(CreateCounters(numbers, created).ok());
  EXPECT_EQ(created.counters(999).number(), 1000);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "1000");
  types::v1::BatchGetCountersRequest get;
  for (const int64_t number : numbers) get.add_numbers(1001 - number);
  types::v1::BatchGetCountersResponse got;
  ASSERT_TRUE(engine_.Call("CounterService/BatchGetCounters", get, got).ok());
  EXPECT_EQ(got.counters_size(), 1000);
  EXPECT_EQ(got.counters(0).number(), 1000);
  types::v1::BatchDeleteCountersRequest remove;
  for (const int64_t number : numbers) remove.add_numbers(number);
  google::protobuf::Empty empty;
  ASSERT_TRUE(engine_.Call("CounterService/BatchDeleteCounters", remove, empty).ok());
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0");
}

TEST_F(BatchTest, LargeRowsAreSeveralStatementsAndStillOne) {
  types::v1::BatchCreateSamplesRequest request;
  for (int i = 0; i < 10; ++i) {
    request.add_requests()->mutable_sample()->set_text(std::string(350000, 'a' + i));
  }
  types::v1::BatchCreateSamplesResponse response;
  ASSERT_TRUE(engine_.Call("SampleService/BatchCreateSamples", request, response).ok());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(response.samples(i).text()[0], 'a' + i);
  request.mutable_requests(7)->mutable_sample()->set_order_code("none");
  const auto status = engine_.Call("SampleService/BatchCreateSamples", request, response);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ElementOf(status), "requests[7]");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample"), "10");
}

TEST_F(BatchTest, AReadMaskHoldsForEachElement) {
  const auto samples = CreateSamples(3);
  types::v1::BatchGetSamplesRequest request;
  for (const auto& sample : samples) request.add_ids(sample.id());
  request.mutable_read_mask()->add_paths("i32");
  types::v1::BatchGetSamplesResponse response;
  ASSERT_TRUE(engine_.Call("SampleService/BatchGetSamples", request, response).ok());
  ASSERT_EQ(response.samples_size(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(response.samples(i).i32(), i);
    EXPECT_EQ(response.samples(i).id(), "");
    EXPECT_FALSE(response.samples(i).has_create_time());
  }
  request.mutable_read_mask()->add_paths("nothing");
  const auto status = engine_.Call("SampleService/BatchGetSamples", request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message().find("ids["), std::string::npos) << status.error_message();
}

}  // namespace
}  // namespace dataservice::test
