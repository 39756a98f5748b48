// A custom method, served by tests/contracts/types/v1/merge_orders.cc.
#include <atomic>
#include <pqxx/pqxx>
#include <thread>

#include "engine_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using types::v1::MergeOrdersRequest;
using types::v1::MergeOrdersResponse;

class CustomTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    Sql("INSERT INTO types.\"order\" (code) VALUES ('a'), ('b')");
    Sql("INSERT INTO types.sample (id, order_code) SELECT gen_random_uuid(), 'a' FROM "
        "generate_series(1, 10)");
  }

  StatusCode Merge(const std::string& code, const std::string& into, int deadline_ms = 10000) {
    MergeOrdersRequest request;
    request.set_code(code);
    request.set_into_code(into);
    const auto status = engine_.Call("OrderService/MergeOrders", request, response_, deadline_ms);
    message_ = status.error_message();
    return status.error_code();
  }

  MergeOrdersResponse response_;
  std::string message_;
};

TEST_F(CustomTest, RunsItsStatementAndAStandardMethod) {
  ASSERT_EQ(Merge("a", "b"), StatusCode::OK) << message_;
  EXPECT_EQ(response_.moved_count(), 10);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample WHERE order_code = 'b'"), "10");
  EXPECT_EQ(Sql("SELECT string_agg(code, ',') FROM types.\"order\""), "b");
}

TEST_F(CustomTest, ErrorsAreThoseOfStandardMethods) {
  EXPECT_EQ(Merge("", ""), StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(message_.find("into_code"), std::string::npos) << message_;
  EXPECT_EQ(Merge("a", "a"), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Merge("a", "none"), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(message_.find("violates"), std::string::npos) << message_;
  EXPECT_EQ(Merge("none", "b"), StatusCode::NOT_FOUND);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample WHERE order_code = 'a'"), "10");
}

TEST_F(CustomTest, EndsAtItsDeadline) {
  pqxx::connection other(OwnerDatabase());
  pqxx::work lock(other);
  lock.exec("SELECT FROM types.sample FOR UPDATE");
  EXPECT_EQ(Merge("a", "b", 500), StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(CustomTest, OneOfManyMergesDoesIt) {
  std::atomic<int> done{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 32; ++i) {
    callers.emplace_back([&] {
      MergeOrdersRequest request;
      request.set_code("a");
      request.set_into_code("b");
      MergeOrdersResponse response;
      const auto code = engine_.Call("OrderService/MergeOrders", request, response).error_code();
      if (code == StatusCode::OK) ++done;
      EXPECT_TRUE(code == StatusCode::OK || code == StatusCode::NOT_FOUND) << code;
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(done, 1);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample WHERE order_code = 'b'"), "10");
}

}  // namespace
}  // namespace dataservice::test
