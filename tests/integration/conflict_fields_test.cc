// What the database refuses names the fields of the request.
#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "batch_fixture.h"
#include "stream_calls.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using testing::ElementsAre;
using types::v1::Order;
using types::v1::Sample;

constexpr char kNowhere[] = "01a20c76-3549-792b-8739-70a1d035828a";
constexpr char kSameUnique[] = ": another row has the same unique value";
constexpr char kRefused[] = ": the database refuses the value";

class ConflictFieldsTest : public BatchTest {
 protected:
  grpc::Status CreateOrder(const std::string& code, const std::string& user, int group = 0) {
    types::v1::CreateOrderRequest request;
    request.mutable_order()->set_code(code);
    request.mutable_order()->set_user(user);
    request.mutable_order()->set_group(group);
    Order order;
    return engine_.Call("OrderService/CreateOrder", request, order);
  }
  grpc::Status CreateSample(const Sample& sample) {
    types::v1::CreateSampleRequest request;
    *request.mutable_sample() = sample;
    Sample made;
    return engine_.Call("SampleService/CreateSample", request, made);
  }
  // While it lives, the table has a constraint that the contract does not know.
  struct Added {
    Added(std::string in, const std::string& definition) : table(std::move(in)) {
      EXPECT_EQ(Sql(absl::StrCat("ALTER TABLE ", table, " ADD CONSTRAINT strange ", definition)),
                "");
    }
    ~Added() { Sql(absl::StrCat("ALTER TABLE ", table, " DROP CONSTRAINT strange")); }
    const std::string table;
  };
};

TEST_F(ConflictFieldsTest, AUniqueIndex) {
  ASSERT_TRUE(CreateOrder("a", "me").ok());
  const auto status = CreateOrder("b", "me");
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(ViolationsOf(status), ElementsAre(absl::StrCat("order.user", kSameUnique)));
  ASSERT_TRUE(CreateOrder("b", "you").ok());
  types::v1::UpdateOrderRequest update;
  update.mutable_order()->set_code("b");
  update.mutable_order()->set_user("me");
  Order order;
  EXPECT_THAT(ViolationsOf(engine_.Call("OrderService/UpdateOrder", update, order)),
              ElementsAre(absl::StrCat("order.user", kSameUnique)));
}

TEST_F(ConflictFieldsTest, ConstraintsThatOthersMade) {
  ASSERT_TRUE(CreateOrder("a", "me", 1).ok());
  {
    const Added unique("types.\"order\"", "UNIQUE (\"group\", \"table\")");
    const auto status = CreateOrder("b", "you", 1);
    EXPECT_EQ(ReasonOf(status), "UNIQUE_BROKEN");
    EXPECT_THAT(ViolationsOf(status), ElementsAre(absl::StrCat("order.group", kSameUnique),
                                                  absl::StrCat("order.table", kSameUnique)));
  }
  {  // Under the same name, a minute has not passed: another server sees it anew.
    Engine other;
    const Added check("types.\"order\"", "CHECK (\"group\" < 5)");
    types::v1::CreateOrderRequest request;
    request.mutable_order()->set_code("b");
    request.mutable_order()->set_group(6);
    Order order;
    const auto status = other.Call("OrderService/CreateOrder", request, order);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(ViolationsOf(status), ElementsAre(absl::StrCat("order.group", kRefused)));
  }
  {
    Engine other;
    const Added exclusion("types.tally", "EXCLUDE (value WITH =)");
    types::v1::CreateCounterRequest request;
    request.mutable_counter()->set_value(1);
    request.mutable_counter()->set_colour("red");
    types::v1::Counter counter;
    request.mutable_counter()->set_number(1);
    ASSERT_TRUE(other.Call("CounterService/CreateCounter", request, counter).ok());
    request.mutable_counter()->set_number(2);
    const auto status = other.Call("CounterService/CreateCounter", request, counter);
    EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(ReasonOf(status), "EXCLUSION_BROKEN");
    EXPECT_THAT(ViolationsOf(status),
                ElementsAre("counter.value: another row excludes this value"));
  }
}

TEST_F(ConflictFieldsTest, AnIndexWithoutAConstraintAndAColumnThatMustBeThere) {
  ASSERT_TRUE(CreateOrder("a", "me").ok());
  ASSERT_EQ(Sql("CREATE UNIQUE INDEX strange ON types.\"order\" (upper(\"user\"))"), "");
  EXPECT_THAT(ViolationsOf(CreateOrder("b", "ME")),
              ElementsAre(absl::StrCat("order.user", kSameUnique)));
  Sql("DROP INDEX types.strange");
  ASSERT_EQ(Sql("ALTER TABLE types.sample ALTER opt_text SET NOT NULL"), "");
  EXPECT_THAT(ViolationsOf(CreateSample({})),
              ElementsAre(absl::StrCat("sample.opt_text", kRefused)));
  Sql("ALTER TABLE types.sample ALTER opt_text DROP NOT NULL");
}

TEST_F(ConflictFieldsTest, EachReference) {
  Sample sample;
  sample.set_order_code("none");
  EXPECT_THAT(ViolationsOf(CreateSample(sample)),
              ElementsAre("sample.order_code: refers to a types.v1.Order that does not exist"));
  sample.clear_order_code();
  sample.set_origin_id(kNowhere);
  EXPECT_THAT(ViolationsOf(CreateSample(sample)),
              ElementsAre("sample.origin_id: refers to a types.v1.Sample that does not exist"));

  ASSERT_TRUE(CreateOrder("a", "me").ok());
  sample.clear_origin_id();
  sample.set_order_code("a");
  ASSERT_TRUE(CreateSample(sample).ok());
  types::v1::DeleteOrderRequest request;
  request.set_code("a");
  google::protobuf::Empty empty;
  EXPECT_THAT(ViolationsOf(engine_.Call("OrderService/DeleteOrder", request, empty)),
              ElementsAre(": another row still refers to this one by types.v1.Sample.order_code"));
}

TEST_F(ConflictFieldsTest, AnImmutableField) {
  ASSERT_TRUE(CreateOrder("a", "me", 1).ok());
  types::v1::UpdateOrderRequest update;
  update.mutable_order()->set_code("a");
  update.mutable_order()->set_group(2);
  Order order;
  const auto expected = ElementsAre("order.group: is IMMUTABLE and differs from the stored value");
  EXPECT_THAT(ViolationsOf(engine_.Call("OrderService/UpdateOrder", update, order)), expected);
  types::v1::UpsertOrderRequest upsert;
  *upsert.mutable_order() = update.order();
  EXPECT_THAT(ViolationsOf(engine_.Call("OrderService/UpsertOrder", upsert, order)), expected);
}

TEST_F(ConflictFieldsTest, InABatch) {
  ASSERT_TRUE(CreateOrders({"x"}, true).ok());
  types::v1::BatchCreateOrdersRequest orders;
  for (const char* user : {"a", "b", "x"}) {
    auto& order = *orders.add_requests()->mutable_order();
    order.set_code(absl::StrCat("new ", user));
    order.set_user(user);
  }
  types::v1::BatchCreateOrdersResponse made;
  EXPECT_THAT(ViolationsOf(engine_.Call("OrderService/BatchCreateOrders", orders, made)),
              ElementsAre(absl::StrCat("requests[2].order.user", kSameUnique)));

  types::v1::BatchUpdateOrdersRequest update;
  update.add_requests()->mutable_order()->set_code("x");
  update.mutable_requests(0)->mutable_order()->set_group(3);
  types::v1::BatchUpdateOrdersResponse updated;
  EXPECT_THAT(
      ViolationsOf(engine_.Call("OrderService/BatchUpdateOrders", update, updated)),
      ElementsAre("requests[0].order.group: is IMMUTABLE and differs from the stored value"));

  types::v1::BatchCreateSamplesRequest samples;
  for (int i = 0; i < 5; ++i) samples.add_requests()->mutable_sample();
  samples.mutable_requests(3)->mutable_sample()->set_origin_id(kNowhere);
  types::v1::BatchCreateSamplesResponse response;
  EXPECT_THAT(ViolationsOf(engine_.Call("SampleService/BatchCreateSamples", samples, response)),
              ElementsAre("requests[3].sample.origin_id: refers to a types.v1.Sample that does "
                          "not exist"));
}

// PostgreSQL looks at each row as it changes, so that two rows cannot change places.
TEST_F(ConflictFieldsTest, SwappingUniqueValuesIsRefused) {
  ASSERT_TRUE(CreateOrders({"a", "b"}, true).ok());
  types::v1::BatchUpdateOrdersRequest swap;
  for (const auto& [code, user] : {std::pair("a", "b"), std::pair("b", "a")}) {
    auto& order = *swap.add_requests()->mutable_order();
    order.set_code(code);
    order.set_user(user);
  }
  types::v1::BatchUpdateOrdersResponse response;
  const auto status = engine_.Call("OrderService/BatchUpdateOrders", swap, response);
  EXPECT_EQ(ReasonOf(status), "UNIQUE_BROKEN");
  EXPECT_THAT(ViolationsOf(status),
              ElementsAre(absl::StrCat("requests[0].order.user", kSameUnique)));
  EXPECT_EQ(Sql("SELECT string_agg(\"user\", ',' ORDER BY code) FROM types.\"order\""), "a,b");
}

TEST_F(ConflictFieldsTest, InAnImport) {
  const Added check("types.tally", "CHECK (number <> 13)");
  CounterImport import(engine_);
  for (int number = 1; number <= 100; ++number) import.Send(number);
  ASSERT_TRUE(import.Finish().ok());
  ASSERT_EQ(import.response().failures_size(), 1);
  const auto& failure = import.response().failures(0);
  EXPECT_EQ(failure.position(), 12);
  google::rpc::BadRequest rules;
  for (const auto& detail : failure.status().details()) detail.UnpackTo(&rules);
  ASSERT_EQ(rules.field_violations_size(), 1);
  EXPECT_EQ(rules.field_violations(0).field(), "counter.number");
}

// A partition is refused under a name of its own.
TEST_F(ConflictFieldsTest, ARowOfAPartition) {
  ASSERT_EQ(Sql("ALTER TABLE types.tally RENAME TO tally_whole"), "");
  EXPECT_EQ(Sql("CREATE TABLE types.tally (LIKE types.tally_whole INCLUDING ALL) "
                "PARTITION BY RANGE (number)"),
            "");
  EXPECT_EQ(Sql("CREATE TABLE types.tally_first PARTITION OF types.tally DEFAULT"), "");
  EXPECT_EQ(Sql("ALTER TABLE types.tally_first ADD CONSTRAINT strange CHECK (value < 1)"), "");
  Sql(absl::StrCat("GRANT SELECT, INSERT ON types.tally TO ", AppRole()));
  EXPECT_THAT(ViolationsOf(CreateCounters({1})),
              ElementsAre(absl::StrCat("requests[0].counter.value", kRefused)));
  Sql("DROP TABLE types.tally");
  ASSERT_EQ(Sql("ALTER TABLE types.tally_whole RENAME TO tally"), "");
}

}  // namespace
}  // namespace dataservice::test
