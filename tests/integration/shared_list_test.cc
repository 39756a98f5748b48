// Lists that share statements: each call gets what it would get alone.
#include <gmock/gmock.h>

#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine_fixture.h"

namespace dataservice::test {
namespace {

using types::v1::ListCountersRequest;
using types::v1::ListOrderSamplesRequest;
using types::v1::ListOrdersRequest;

using Keys = std::vector<std::string>;

std::string KeyOf(const types::v1::Sample& sample) { return sample.id(); }
std::string KeyOf(const types::v1::Order& order) { return order.code(); }
std::string KeyOf(const types::v1::Counter& counter) { return std::to_string(counter.number()); }

const auto& RowsOf(const types::v1::ListOrderSamplesResponse& page) { return page.samples(); }
const auto& RowsOf(const types::v1::ListOrdersResponse& page) { return page.orders(); }
const auto& RowsOf(const types::v1::ListCountersResponse& page) { return page.counters(); }

class SharedListTest : public EngineTest {
 protected:
  static constexpr int kParents = 40;

  void SetUp() override {
    EngineTest::SetUp();
    Sql("INSERT INTO types.\"order\" (code, \"user\", \"group\") SELECT 'p' || n, 'u' || n, n % 3 "
        "FROM generate_series(0, 39) AS n");
    // Some parents have no rows, and some more than a page of 150.
    Sql("INSERT INTO types.sample (id, order_code, i32, opt_text) SELECT gen_random_uuid(), "
        "'p' || n, m / 4, CASE m % 4 WHEN 0 THEN NULL ELSE chr(96 + m % 4) END "
        "FROM generate_series(0, 39) AS n, generate_series(1, n % 7 * 30) AS m");
    Sql("INSERT INTO types.tally SELECT n, 1, CASE WHEN n % 3 = 0 THEN 'red' ELSE 'green' END "
        "FROM generate_series(-5, 230) AS n");
  }

  // The keys of the rows that a query finds.
  static Keys Expected(const std::string& query) {
    const std::string text =
        Sql(absl::StrCat("SELECT string_agg(k::text, ' ') FROM (", query, ") AS t(k)"));
    return absl::StrSplit(text, ' ', absl::SkipEmpty());
  }

  // Reads all pages of a list.
  template <typename Response, typename Request>
  Keys Walk(const std::string& method, Request request) {
    Keys keys;
    while (true) {
      Response page;
      const auto status = one_worker_.Call(method, request, page);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_LE(RowsOf(page).size(), request.page_size());
      for (const auto& row : RowsOf(page)) keys.push_back(KeyOf(row));
      if (!page.has_next_page_token()) return keys;
      EXPECT_EQ(RowsOf(page).size(), request.page_size());
      request.set_page_token(page.next_page_token());
    }
  }

  // One worker, so that the calls that wait become batches.
  static void AtOnce(const std::vector<std::function<void()>>& calls) {
    std::vector<std::thread> clients;
    for (const auto& call : calls) clients.emplace_back(call);
    for (std::thread& client : clients) client.join();
  }

  Engine one_worker_{{.workers = 1}};
};

TEST_F(SharedListTest, PagesOfManyParents) {
  struct Order {
    std::string by, sql;
  };
  const std::vector<Order> orders = {
      {"", "id"},
      {"id desc", "id DESC"},
      {"opt_text", "opt_text, id"},
      {"opt_text desc, i32", "opt_text DESC, i32, id"},
      {"i32 desc, opt_text desc", "i32 DESC, opt_text DESC, id DESC"}};
  for (const Order& order : orders) {
    std::vector<std::function<void()>> calls;
    for (int n = 0; n < kParents; ++n) {
      calls.emplace_back([&, n] {
        ListOrderSamplesRequest request;
        request.set_order_code(absl::StrCat("p", n));
        request.set_order_by(order.by);
        request.set_page_size(n % 5 == 0 ? 150 : 7 + n % 4);
        const Keys keys =
            Walk<types::v1::ListOrderSamplesResponse>("OrderSampleService/ListSamples", request);
        EXPECT_EQ(keys, Expected(absl::StrCat("SELECT id FROM types.sample WHERE order_code = 'p",
                                              n, "' ORDER BY ", order.sql)))
            << order.by << " of " << n;
      });
    }
    AtOnce(calls);
  }
}

TEST_F(SharedListTest, PagesInTheOrderOfTheKey) {
  const Keys all = Expected("SELECT number FROM types.tally ORDER BY number");
  std::vector<std::function<void()>> calls;
  for (int n = 0; n < 40; ++n) {
    calls.emplace_back([&, n] {
      ListCountersRequest request;
      request.set_page_size(n % 5 == 0 ? 101 + n : 5 + n);
      if (n % 2 == 0) request.mutable_read_mask()->add_paths("number");
      EXPECT_EQ(Walk<types::v1::ListCountersResponse>("CounterService/ListCounters", request), all);
    });
  }
  AtOnce(calls);
}

TEST_F(SharedListTest, FiltersAndOrders) {
  std::vector<std::function<void()>> calls;
  for (int n = 0; n < 40; ++n) {
    calls.emplace_back([&, n] {
      ListOrdersRequest request;
      request.set_page_size(1 + n % 9);
      // The user of some is none.
      const std::vector<std::pair<std::string, std::string>> lists = {
          {absl::StrCat("user = u", n * 2), absl::StrCat("\"user\" = 'u", n * 2, "'")},
          {absl::StrCat("code = p", n), absl::StrCat("code = 'p", n, "'")},
          {absl::StrCat("user = u", n, " AND group = ", n % 4),
           absl::StrCat("\"user\" = 'u", n, "' AND \"group\" = ", n % 4)},
          {absl::StrCat("group = ", n % 4), absl::StrCat("\"group\" = ", n % 4)},
          {absl::StrCat("group >= ", n % 4), absl::StrCat("\"group\" >= ", n % 4)},
          {"", "true"}};
      for (const auto& [filter, condition] : lists) {
        for (const auto& [order_by, order] :
             {std::pair("code desc", "code DESC"), std::pair("user", "\"user\", code")}) {
          request.set_filter(filter);
          request.set_order_by(order_by);
          EXPECT_EQ(Walk<types::v1::ListOrdersResponse>("OrderService/ListOrders", request),
                    Expected(absl::StrCat("SELECT code FROM types.\"order\" WHERE ", condition,
                                          " ORDER BY ", order)))
              << filter << " by " << order_by;
        }
      }
    });
  }
  AtOnce(calls);
}

// A row that cannot be read makes the list fail that has it, and no other.
TEST_F(SharedListTest, AListThatFailsFailsAlone) {
  ASSERT_EQ(Sql(R"(UPDATE types.sample SET part = '{"share": "much"}' WHERE order_code = 'p8')"),
            "");
  std::vector<std::function<void()>> calls;
  for (int n = 0; n < kParents; ++n) {
    calls.emplace_back([&, n] {
      ListOrderSamplesRequest request;
      request.set_order_code(absl::StrCat("p", n));
      types::v1::ListOrderSamplesResponse page;
      for (int i = 0; i < 5; ++i) {
        const auto status = one_worker_.Call("OrderSampleService/ListSamples", request, page);
        EXPECT_EQ(status.ok(), n != 8) << status.error_message();
      }
    });
  }
  AtOnce(calls);
}

}  // namespace
}  // namespace dataservice::test
