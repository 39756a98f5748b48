// Computed fields, against what the test computes itself.
#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <pqxx/pqxx>
#include <thread>

#include "absl/strings/str_cat.h"
#include "engine_fixture.h"
#include "serve/sql/statement.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;
using types::v1::ListOrdersRequest;
using types::v1::ListOrdersResponse;
using types::v1::Order;
using Double = std::numeric_limits<double>;

class ComputedTest : public EngineTest {
 protected:
  Order Get(const std::string& code, const std::vector<std::string>& paths = {"*"}) {
    types::v1::GetOrderRequest request;
    request.set_code(code);
    for (const std::string& path : paths) request.mutable_read_mask()->add_paths(path);
    Order order;
    const auto status = engine_.Call("OrderService/GetOrder", request, order);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return order;
  }

  // An order "o" whose samples have these doubles.
  Order OfDoubles(const std::vector<std::string>& values) {
    Sql("TRUNCATE types.\"order\" CASCADE");
    Sql("INSERT INTO types.\"order\" (code) VALUES ('o')");
    for (const std::string& value : values) {
      Sql(
          absl::StrCat("INSERT INTO types.sample (id, order_code, precise, opt_precise) VALUES ("
                       "gen_random_uuid(), 'o', '",
                       value, "', '", value, "')"));
    }
    return Get("o");
  }
};

TEST_F(ComputedTest, WithoutRowsSumsAreZeroAndTheRestIsAbsent) {
  Sql("INSERT INTO types.\"order\" (code) VALUES ('o')");
  Order expected;
  expected.set_code("o");
  EXPECT_EQ(Get("o").ShortDebugString(), expected.ShortDebugString());
  EXPECT_EQ(Get("o", {"average_i32", "sample_count"}).ByteSizeLong(), 0U);
}

TEST_F(ComputedTest, OverRowsOfTheirOwnOrder) {
  Sql("INSERT INTO types.\"order\" (code, \"group\") VALUES ('a', 3), ('b', 0)");
  Sql("INSERT INTO types.sample (id, order_code, i32, i64, u64, opt_u64, precise, opt_precise, "
      "real, text, taken_time, effort, due_date, origin) VALUES "
      "(gen_random_uuid(), 'a', 1, -5, 7, 18446744073709551615, 0.5, NULL, 0.25, 'z', "
      "'2020-01-02T03:04:05.000006Z', '1.5 s', '2020-02-29', 2), "
      "(gen_random_uuid(), 'a', 2, 3, 8, NULL, 0.25, 8, 0.5, 'y', NULL, '-2 s', NULL, -1), "
      "(gen_random_uuid(), NULL, 9, 9, 9, 9, 9, 9, 9, 'a', now(), '9 s', now(), 1)");
  const Order order = Get("a");
  EXPECT_EQ(order.group(), 3);
  EXPECT_EQ(order.sample_count(), 2);
  EXPECT_EQ(order.total_i64(), -2);
  EXPECT_EQ(order.total_u64(), 18446744073709551615U);
  EXPECT_EQ(order.total_precise(), 0.75);
  EXPECT_EQ(order.average_i32(), 1.5);
  EXPECT_EQ(order.average_u64(), 7.5F);
  EXPECT_EQ(order.average_precise(), 8);  // an absent value does not count
  EXPECT_EQ(order.average_real().value(), 0.375);
  EXPECT_EQ(order.first_text(), "y");
  EXPECT_EQ(order.latest_taken_time().nanos(), 6000);
  EXPECT_EQ(order.least_effort().seconds(), -2);
  EXPECT_EQ(order.latest_due_date().day(), 29);
  EXPECT_EQ(order.greatest_origin(), types::v1::ORIGIN_LABORATORY);
  EXPECT_EQ(Get("b").sample_count(), 0);
  EXPECT_EQ(Get("a", {"sample_count", "user"}).ShortDebugString(), "sample_count: 2");

  Sql("DELETE FROM types.sample WHERE i32 = 2");
  EXPECT_EQ(Get("a", {"sample_count"}).sample_count(), 1);
  EXPECT_FALSE(Get("a").has_average_precise());
  Sql("DELETE FROM types.sample");
  EXPECT_EQ(Get("a").sample_count(), 0);
  EXPECT_FALSE(Get("a").has_latest_taken_time());
}

TEST_F(ComputedTest, IntegersStopAtTheEnds) {
  Sql("INSERT INTO types.\"order\" (code) VALUES ('high'), ('low')");
  Sql("INSERT INTO types.sample (id, order_code, i64, opt_u64) SELECT gen_random_uuid(), 'high', "
      "9223372036854775807, 18446744073709551615 FROM generate_series(1, 3)");
  Sql("INSERT INTO types.sample (id, order_code, i64) SELECT gen_random_uuid(), 'low', "
      "-9223372036854775808 FROM generate_series(1, 3)");
  EXPECT_EQ(Get("high").total_i64(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(Get("high").total_u64(), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(Get("low").total_i64(), std::numeric_limits<int64_t>::min());
}

// PostgreSQL's own sum() and avg() fail for most of these.
TEST_F(ComputedTest, NoDoubleMakesAReadFail) {
  struct Case {
    std::vector<std::string> values;
    double sum;
    double mean;
  };
  const double max = Double::max();
  const double infinity = Double::infinity();
  const double nan = Double::quiet_NaN();
  for (const Case& c :
       std::vector<Case>{{{"1e200", "1e200"}, 2e200, 1e200},
                         {{"1.7976931348623157e308"}, max, max},
                         {{"1.7976931348623157e308", "1.7976931348623157e308"}, infinity, max},
                         {{"-1.7976931348623157e308", "-1.7976931348623157e308"}, -infinity, -max},
                         {{"1.7976931348623157e308", "-1.7976931348623157e308", "8"}, 8, 8.0 / 3},
                         {{"1e300", "1", "-1e300"}, 1, 1.0 / 3},
                         {{"5e-324", "-0", "0"}, Double::denorm_min(), 0},
                         {{"5e-324"}, Double::denorm_min(), Double::denorm_min()},
                         {{"Infinity", "1", "1e308"}, infinity, infinity},
                         {{"-Infinity", "1e308"}, -infinity, -infinity},
                         {{"Infinity", "-Infinity"}, nan, nan},
                         {{"NaN", "1"}, nan, nan},
                         {{"0.1", "0.2"}, 0.1 + 0.2, (0.1 + 0.2) / 2},
                         {{"-3"}, -3, -3}}) {
    const Order order = OfDoubles(c.values);
    SCOPED_TRACE(testing::PrintToString(c.values));
    EXPECT_THAT(order.total_precise(), testing::NanSensitiveDoubleEq(c.sum));
    ASSERT_TRUE(order.has_average_precise());
    EXPECT_THAT(order.average_precise(), testing::NanSensitiveDoubleEq(c.mean));
  }
}

// 1000 rows of a page, in an order that is not named.
TEST_F(ComputedTest, OfAWholePage) {
  Sql("INSERT INTO types.\"order\" (code, \"group\") SELECT 'o' || n, n % 7 FROM "
      "generate_series(1, 1100) AS n");
  Sql("INSERT INTO types.sample (id, order_code, i32, text) SELECT gen_random_uuid(), 'o' || n, m, "
      "m FROM generate_series(1, 1100) AS n, generate_series(1, n % 5) AS m");
  ListOrdersRequest request;
  request.set_page_size(1000);
  request.set_order_by("group desc");
  for (const char* path : {"sample_count", "average_i32", "code", "first_text"}) {
    request.mutable_read_mask()->add_paths(path);
  }
  int count = 0;
  do {
    ListOrdersResponse page;
    const auto status = engine_.Call("OrderService/ListOrders", request, page);
    ASSERT_TRUE(status.ok()) << status.error_message();
    if (count == 0) {
      EXPECT_EQ(page.orders_size(), 1000);
    }
    for (const Order& order : page.orders()) {
      const int n = std::stoi(order.code().substr(1)) % 5;
      Order expected;
      expected.set_code(order.code());
      expected.set_sample_count(n);
      if (n > 0) expected.set_average_i32((n + 1) / 2.0);
      if (n > 0) expected.set_first_text("1");
      ASSERT_EQ(order.ShortDebugString(), expected.ShortDebugString());
      ++count;
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(count, 1100);
}

TEST_F(ComputedTest, AreReadOnlyWhereAskedForAndWrittenNowhere) {
  types::v1::UpsertOrderRequest upsert;
  Order& sent = *upsert.mutable_order();
  sent.set_code("o");
  sent.set_sample_count(77);
  sent.set_first_text(std::string("\0", 1));
  sent.mutable_latest_taken_time()->set_seconds(1LL << 60);
  Order answer;
  ASSERT_TRUE(engine_.Call("OrderService/UpsertOrder", upsert, answer).ok());
  EXPECT_EQ(answer.ShortDebugString(), "code: \"o\"");
  Sql("INSERT INTO types.sample (id, order_code) VALUES (gen_random_uuid(), 'o')");
  types::v1::UpdateOrderRequest update;
  *update.mutable_order() = sent;
  update.mutable_update_mask()->add_paths("sample_count");
  update.mutable_update_mask()->add_paths("user");
  update.mutable_order()->set_user("me");
  answer.Clear();
  ASSERT_TRUE(engine_.Call("OrderService/UpdateOrder", update, answer).ok());
  EXPECT_EQ(answer.ShortDebugString(), "code: \"o\" user: \"me\"");
  EXPECT_EQ(Get("o", {}).ShortDebugString(), "code: \"o\" user: \"me\"");
  EXPECT_EQ(Get("o", {"sample_count"}).sample_count(), 1);
}

TEST_F(ComputedTest, RestrictAndOrderNothing) {
  const auto refusal = [&](const std::string& filter, const std::string& order_by) {
    ListOrdersRequest request;
    request.set_filter(filter);
    request.set_order_by(order_by);
    ListOrdersResponse page;
    const auto status = engine_.Call("OrderService/ListOrders", request, page);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
    return status.error_details();
  };
  EXPECT_THAT(refusal("sample_count > 1", ""), HasSubstr("'sample_count' is computed"));
  EXPECT_THAT(refusal("sampleCount > 1", ""), HasSubstr("'sampleCount' is computed"));
  EXPECT_THAT(refusal("", "sample_count desc"), HasSubstr("sample_count is computed"));
}

// Many reads at once share statements; each gets its own row's values.
TEST_F(ComputedTest, OfManyReadsAtOnce) {
  Sql("INSERT INTO types.\"order\" (code) SELECT 'o' || n FROM generate_series(0, 19) AS n");
  Sql("INSERT INTO types.sample (id, order_code) SELECT gen_random_uuid(), 'o' || n FROM "
      "generate_series(0, 19) AS n, generate_series(1, n)");
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i) {
        const int n = (t * 7 + i) % 20;
        EXPECT_EQ(Get(absl::StrCat("o", n), {"sample_count"}).sample_count(), n);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// EXPLAIN of what is sent, with its values in place.
std::string Plan(Statement statement, const std::vector<std::string>& values) {
  pqxx::connection connection(OwnerDatabase());
  pqxx::nontransaction work(connection);
  std::string text = "EXPLAIN " + statement.text;
  for (size_t i = values.size(); i > 0; --i) {
    const std::string parameter = absl::StrCat("$", i);
    for (size_t at = text.find(parameter); at != std::string::npos; at = text.find(parameter, at)) {
      text.replace(at, parameter.size(), work.quote(values[i - 1]));
    }
  }
  std::string plan;
  for (const auto& row : work.exec(text)) plan += std::string(row[0].c_str()) + "\n";
  return plan;
}

TEST_F(ComputedTest, UseTheIndexOfTheReference) {
  Sql("INSERT INTO types.\"order\" (code) SELECT 'o' || n FROM generate_series(1, 2000) AS n");
  Sql("INSERT INTO types.sample (id, order_code) SELECT gen_random_uuid(), 'o' || (1 + n % 2000) "
      "FROM generate_series(1, 20000) AS n");
  Sql("ANALYZE types.sample, types.\"order\"");
  const auto contract = Contract::BuildFromGeneratedPool("types/v1/types.proto");
  const Resource& order = *(*contract)->resources()[0];
  ASSERT_EQ(order.message, Order::descriptor());
  const ReadMask mask{.computed = {0, 3}};
  const std::string get =
      Plan(BuildStatement(GetShape{.resource = &order, .read_mask = mask}), {"{o1,o2,o3}"});
  const std::string list =
      Plan(BuildStatement(ListShape{.resource = &order, .order = {{order.key}}, .read_mask = mask}),
           {"51"});
  for (const std::string& plan : {get, list}) {
    EXPECT_THAT(plan, testing::Not(HasSubstr("Seq Scan on sample"))) << plan;
    EXPECT_THAT(plan, HasSubstr("order_code = ")) << plan;
  }
  // The page is cut before anything is computed.
  EXPECT_LT(list.find("Nested Loop"), list.find("Limit")) << list;
}

}  // namespace
}  // namespace dataservice::test
