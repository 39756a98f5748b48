// What callers do wrong, and what they are told.
#include <gmock/gmock.h>

#include <chrono>
#include <pqxx/pqxx>
#include <thread>

#include "engine_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using types::v1::Order;
using types::v1::Sample;

class ErrorsTest : public EngineTest {
 protected:
  StatusCode CreateOrder(const std::string& code, const std::string& user = "",
                         const std::multimap<std::string, std::string>& metadata = {}) {
    types::v1::CreateOrderRequest request;
    request.mutable_order()->set_code(code);
    if (!user.empty()) request.mutable_order()->set_user(user);
    Order order;
    return engine_.Call("OrderService/CreateOrder", request, order, 10000, metadata).error_code();
  }
  StatusCode CreateSample(Sample& sample) {
    types::v1::CreateSampleRequest request;
    *request.mutable_sample() = sample;
    return engine_.Call("SampleService/CreateSample", request, sample).error_code();
  }
  StatusCode DeleteOrder(const std::string& code) {
    types::v1::DeleteOrderRequest request;
    request.set_code(code);
    google::protobuf::Empty empty;
    return engine_.Call("OrderService/DeleteOrder", request, empty).error_code();
  }
};

TEST_F(ErrorsTest, KeysAndUniques) {
  EXPECT_EQ(CreateOrder("a", "me"), StatusCode::OK);
  EXPECT_EQ(CreateOrder("a", "you"), StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(CreateOrder("b", "me"), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(CreateOrder("b"), StatusCode::OK);
  EXPECT_EQ(CreateOrder("c"), StatusCode::OK);  // two without a user do not collide
  EXPECT_EQ(CreateOrder("\"quoted\" {and} \\, 'odd'"), StatusCode::OK);
  EXPECT_EQ(DeleteOrder("\"quoted\" {and} \\, 'odd'"), StatusCode::OK);
  EXPECT_EQ(DeleteOrder("gone"), StatusCode::NOT_FOUND);
}

TEST_F(ErrorsTest, References) {
  Sample sample;
  sample.set_order_code("none");
  EXPECT_EQ(CreateSample(sample), StatusCode::FAILED_PRECONDITION);
  ASSERT_EQ(CreateOrder("a"), StatusCode::OK);
  sample.set_order_code("a");
  EXPECT_EQ(CreateSample(sample), StatusCode::OK);
  EXPECT_EQ(DeleteOrder("a"), StatusCode::FAILED_PRECONDITION);

  Sample child;
  child.set_origin_id(sample.id());
  ASSERT_EQ(CreateSample(child), StatusCode::OK);
  types::v1::DeleteSampleRequest request;
  request.set_id(sample.id());
  google::protobuf::Empty empty;
  ASSERT_TRUE(engine_.Call("SampleService/DeleteSample", request, empty).ok());
  types::v1::GetSampleRequest get;
  get.set_id(child.id());
  ASSERT_TRUE(engine_.Call("SampleService/GetSample", get, child).ok());
  EXPECT_FALSE(child.has_origin_id());
  EXPECT_EQ(DeleteOrder("a"), StatusCode::OK);
}

TEST_F(ErrorsTest, ImmutableFieldsMayBeRepeatedButNotChanged) {
  types::v1::UpsertOrderRequest upsert;
  upsert.mutable_order()->set_code("a");
  upsert.mutable_order()->set_group(1);
  Order order;
  ASSERT_TRUE(engine_.Call("OrderService/UpsertOrder", upsert, order).ok());
  ASSERT_TRUE(engine_.Call("OrderService/UpsertOrder", upsert, order).ok());
  upsert.mutable_order()->set_group(2);
  EXPECT_EQ(engine_.Call("OrderService/UpsertOrder", upsert, order).error_code(),
            StatusCode::INVALID_ARGUMENT);
  types::v1::UpdateOrderRequest update;
  update.mutable_order()->set_code("a");
  update.mutable_order()->set_group(1);
  update.mutable_order()->set_user("me");
  ASSERT_TRUE(engine_.Call("OrderService/UpdateOrder", update, order).ok());
  EXPECT_EQ(order.user(), "me");
  update.mutable_order()->set_group(2);
  EXPECT_EQ(engine_.Call("OrderService/UpdateOrder", update, order).error_code(),
            StatusCode::INVALID_ARGUMENT);
}

TEST_F(ErrorsTest, VersionsMustMatch) {
  Sample sample;
  ASSERT_EQ(CreateSample(sample), StatusCode::OK);
  types::v1::UpdateSampleRequest update;
  *update.mutable_sample() = sample;
  update.mutable_sample()->set_i32(1);
  Sample changed;
  ASSERT_TRUE(engine_.Call("SampleService/UpdateSample", update, changed).ok());
  EXPECT_EQ(engine_.Call("SampleService/UpdateSample", update, changed).error_code(),
            StatusCode::ABORTED);
  types::v1::UpsertSampleRequest upsert;
  *upsert.mutable_sample() = sample;
  EXPECT_EQ(engine_.Call("SampleService/UpsertSample", upsert, changed).error_code(),
            StatusCode::ABORTED);
  types::v1::DeleteSampleRequest remove;
  remove.set_id(sample.id());
  remove.set_etag(sample.etag());
  google::protobuf::Empty empty;
  EXPECT_EQ(engine_.Call("SampleService/DeleteSample", remove, empty).error_code(),
            StatusCode::ABORTED);
  remove.set_etag(changed.etag());
  EXPECT_TRUE(engine_.Call("SampleService/DeleteSample", remove, empty).ok());
  // Of a row that is gone: a version does not match under If-Match only.
  EXPECT_EQ(engine_.Call("SampleService/DeleteSample", remove, empty).error_code(),
            StatusCode::NOT_FOUND);
  EXPECT_EQ(engine_
                .Call("SampleService/DeleteSample", remove, empty, 10000,
                      {{"if-match", "\"" + changed.etag() + "\""}})
                .error_code(),
            StatusCode::ABORTED);
  EXPECT_EQ(engine_.Call("SampleService/UpsertSample", upsert, changed).error_code(),
            StatusCode::ABORTED);
}

TEST_F(ErrorsTest, IfNoneMatchCreatesOnly) {
  types::v1::UpsertOrderRequest upsert;
  upsert.mutable_order()->set_code("a");
  Order order;
  const std::multimap<std::string, std::string> none = {{"if-none-match", "*"}};
  EXPECT_TRUE(engine_.Call("OrderService/UpsertOrder", upsert, order, 10000, none).ok());
  EXPECT_EQ(engine_.Call("OrderService/UpsertOrder", upsert, order, 10000, none).error_code(),
            StatusCode::ABORTED);
}

TEST_F(ErrorsTest, AnEmptyChangeChangesNothing) {
  Sample sample;
  ASSERT_EQ(CreateSample(sample), StatusCode::OK);
  types::v1::UpdateSampleRequest update;
  update.mutable_sample()->set_id(sample.id());
  Sample same;
  ASSERT_TRUE(engine_.Call("SampleService/UpdateSample", update, same).ok());
  EXPECT_EQ(same.etag(), sample.etag());
  update.mutable_sample()->set_etag("0");
  EXPECT_EQ(engine_.Call("SampleService/UpdateSample", update, same).error_code(),
            StatusCode::ABORTED);
}

TEST_F(ErrorsTest, UnknownMethodsAndMalformedMessages) {
  google::protobuf::Empty empty;
  EXPECT_EQ(engine_.Call("SampleService/Nothing", empty, empty).error_code(),
            StatusCode::UNIMPLEMENTED);
  types::v1::CreateSampleRequest request;
  request.mutable_sample()->set_data(std::string(17 << 20, 'x'));
  Sample sample;
  EXPECT_EQ(engine_.Call("SampleService/CreateSample", request, sample).error_code(),
            StatusCode::RESOURCE_EXHAUSTED);
}

// The only worker is held up until the deadline of the operation behind it has
// passed.
TEST_F(ErrorsTest, AnExpiredDeadlineIsToldAndNothingIsStored) {
  Engine one_worker({.workers = 1});
  pqxx::connection holder(OwnerDatabase());
  pqxx::nontransaction work(holder);
  work.exec("BEGIN; LOCK TABLE types.tally IN ACCESS EXCLUSIVE MODE");
  std::thread first([&] {
    types::v1::GetCounterRequest get;
    get.set_number(1);
    types::v1::Counter counter;
    EXPECT_EQ(one_worker.Call("CounterService/GetCounter", get, counter).error_code(),
              StatusCode::NOT_FOUND);
  });
  while (Sql("SELECT count(*) FROM pg_locks WHERE NOT granted") != "1") std::this_thread::yield();
  types::v1::CreateOrderRequest request;
  request.mutable_order()->set_code("late");
  Order order;
  EXPECT_EQ(one_worker.Call("OrderService/CreateOrder", request, order, 50).error_code(),
            StatusCode::DEADLINE_EXCEEDED);
  // The server counts from the request's arrival, a little later than its client.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  work.exec("COMMIT");
  first.join();
  // What was waiting is answered before a server is gone.
  one_worker.Drain();
  EXPECT_EQ(Sql("SELECT count(*) FROM types.\"order\""), "0");
}

}  // namespace
}  // namespace dataservice::test
