// Pages and equalities.
#include <gmock/gmock.h>

#include <set>

#include "engine_fixture.h"

namespace dataservice::test {
namespace {

using types::v1::Counter;
using types::v1::ListSamplesRequest;
using types::v1::ListSamplesResponse;
using types::v1::Sample;

class ListTest : public EngineTest {
 protected:
  std::string Create(const Sample& sample) {
    types::v1::CreateSampleRequest request;
    *request.mutable_sample() = sample;
    Sample made;
    const auto status = engine_.Call("SampleService/CreateSample", request, made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made.id();
  }
  int Count(const ListSamplesRequest& request) {
    ListSamplesResponse response;
    const auto status = engine_.Call("SampleService/ListSamples", request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.samples_size();
  }
};

TEST_F(ListTest, PagesHaveEachRowOnceWhateverHappensAroundThem) {
  Sql("INSERT INTO types.sample (id) SELECT gen_random_uuid() FROM generate_series(1, 300)");
  ListSamplesRequest request;
  request.set_page_size(7);
  std::set<std::string> seen;
  std::string last;
  int pages = 0;
  while (true) {
    ListSamplesResponse response;
    ASSERT_TRUE(engine_.Call("SampleService/ListSamples", request, response).ok());
    ++pages;
    for (const Sample& sample : response.samples()) {
      EXPECT_LT(last, sample.id());
      last = sample.id();
      seen.insert(last);
    }
    // Rows before the page go, rows come anywhere.
    Sql("DELETE FROM types.sample WHERE id = '" + response.samples(0).id() + "'");
    Sql("INSERT INTO types.sample (id) VALUES ('00000000-0000-4000-8000-" +
        std::to_string(100000000000 + pages) + "')");
    if (!response.has_next_page_token()) break;
    request.set_page_token(response.next_page_token());
  }
  EXPECT_EQ(seen.size(), 300U);
  EXPECT_EQ(pages, 43);
}

TEST_F(ListTest, NumbersPageInTheirOrder) {
  Sql("INSERT INTO types.tally SELECT n, 1, 'red' FROM generate_series(-5, 20) AS n");
  types::v1::ListCountersRequest request;
  request.set_page_size(10);
  std::vector<int64_t> numbers;
  do {
    types::v1::ListCountersResponse response;
    ASSERT_TRUE(engine_.Call("CounterService/ListCounters", request, response).ok());
    for (const Counter& counter : response.counters()) numbers.push_back(counter.number());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  ASSERT_EQ(numbers.size(), 26U);
  EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
}

TEST_F(ListTest, EqualitiesOfEveryKind) {
  Sample s;
  s.set_opt_flag(false);
  s.set_origin(types::v1::ORIGIN_LOST);
  s.set_opt_u64(18446744073709551615U);
  s.mutable_taken_time()->set_seconds(5);
  s.mutable_due_date()->set_year(2024);
  s.mutable_due_date()->set_month(2);
  s.mutable_due_date()->set_day(29);
  s.mutable_effort()->set_seconds(90);
  s.set_text("it's \"here\" \\");
  s.set_data(std::string("\0\xff", 2));
  s.set_opt_precise(0.1);
  s.mutable_wrapped_i32()->set_value(0);
  const std::string id = Create(s);
  Create(Sample());

  const auto with = [](auto set) {
    ListSamplesRequest request;
    set(request);
    return request;
  };
  EXPECT_EQ(Count({}), 2);
  EXPECT_EQ(Count(with([](auto& r) { r.set_opt_flag(false); })), 1);
  EXPECT_EQ(Count(with([](auto& r) { r.set_opt_flag(true); })), 0);
  EXPECT_EQ(Count(with([](auto& r) { r.set_origin(types::v1::ORIGIN_LOST); })), 1);
  EXPECT_EQ(Count(with([](auto& r) { r.set_opt_u64(18446744073709551615U); })), 1);
  EXPECT_EQ(Count(with([](auto& r) { r.mutable_taken_time()->set_seconds(5); })), 1);
  EXPECT_EQ(Count(with([&](auto& r) { *r.mutable_due_date() = s.due_date(); })), 1);
  EXPECT_EQ(Count(with([](auto& r) { r.mutable_effort()->set_seconds(90); })), 1);
  EXPECT_EQ(Count(with([&](auto& r) { r.set_text(s.text()); })), 1);
  EXPECT_EQ(Count(with([](auto& r) { r.set_text("' OR true --"); })), 0);
  EXPECT_EQ(Count(with([&](auto& r) { r.set_data(s.data()); })), 1);
  EXPECT_EQ(Count(with([](auto& r) { r.set_opt_precise(0.1); })), 1);
  EXPECT_EQ(Count(with([](auto& r) { r.mutable_wrapped_i32()->set_value(0); })), 1);
  EXPECT_EQ(Count(with([&](auto& r) {
              r.set_text(s.text());
              r.set_opt_precise(0.1);
            })),
            1);
}

// Reads all pages; answers "i32/text" of each row.
std::vector<std::string> ReadAll(Engine& engine, const std::string& filter,
                                 const std::string& order_by, int page_size, int total) {
  ListSamplesRequest request;
  request.set_filter(filter);
  request.set_order_by(order_by);
  request.set_page_size(page_size);
  std::vector<std::string> rows;
  do {
    ListSamplesResponse response;
    const auto status = engine.Call("SampleService/ListSamples", request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.total_size(), total);
    for (const Sample& sample : response.samples()) {
      rows.push_back(std::to_string(sample.i32()) + "/" +
                     (sample.has_opt_text() ? sample.opt_text() : "-"));
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return rows;
}

TEST_F(ListTest, OrdersInEveryDirectionWithAbsentValues) {
  Sql("INSERT INTO types.sample (id, i32, opt_text) SELECT gen_random_uuid(), n / 4, "
      "CASE n % 4 WHEN 0 THEN NULL ELSE chr(96 + n % 4) END FROM generate_series(0, 39) AS n");
  for (const std::string order :
       {"i32, opt_text", "i32 desc, opt_text desc", "i32, opt_text desc", "i32 desc, opt_text",
        "opt_text, i32", "opt_text desc, i32", "opt_text desc, i32 desc", "opt_text"}) {
    const auto whole = ReadAll(engine_, "", order, 1000, 40);
    ASSERT_EQ(whole.size(), 40U) << order;
    for (const int page_size : {1, 3, 7, 39, 40}) {
      EXPECT_EQ(ReadAll(engine_, "", order, page_size, 40), whole) << order << " by " << page_size;
    }
  }
  const auto down = ReadAll(engine_, "", "opt_text desc, i32", 11, 40);
  EXPECT_EQ(down.front(), "0/-");
  EXPECT_EQ(down.back(), "9/a");
}

TEST_F(ListTest, FiltersAndCounts) {
  Sql("INSERT INTO types.sample (id, i32, opt_text) SELECT gen_random_uuid(), n, "
      "CASE WHEN n % 2 = 0 THEN 'even' || n END FROM generate_series(0, 19) AS n");
  EXPECT_EQ(ReadAll(engine_, "i32 >= 5 AND opt_text:*", "i32", 3, 7).size(), 7U);
  EXPECT_EQ(ReadAll(engine_, "opt_text = \"even1*\"", "", 50, 5).size(), 5U);
  EXPECT_EQ(ReadAll(engine_, "NOT opt_text:*", "", 4, 10).size(), 10U);
  EXPECT_EQ(ReadAll(engine_, "i32 = 1 OR i32 = 2 i32 < 2", "", 4, 1).size(), 1U);
  EXPECT_EQ(ReadAll(engine_, "i32 > 1000", "", 4, 0).size(), 0U);
}

TEST_F(ListTest, TimesAndIntervalsPage) {
  Sql("INSERT INTO types.sample (id, taken_time, effort, opt_precise) SELECT gen_random_uuid(), "
      "'2026-01-01'::timestamptz + n * interval '1 microsecond', n * interval '1.5 seconds', "
      "CASE n WHEN 3 THEN 'NaN' WHEN 4 THEN '-Infinity' ELSE (n / 7.0)::float8 END "
      "FROM generate_series(-5, 5) AS n");
  for (const std::string order : {"taken_time desc", "effort", "effort desc", "opt_precise"}) {
    EXPECT_EQ(ReadAll(engine_, "", order, 2, 11).size(), 11U) << order;
  }
}

TEST_F(ListTest, MissingRowsMayBeAllowed) {
  const std::string id = "01a20c76-3549-792b-8739-70a1d035828a";
  types::v1::DeleteSampleRequest remove;
  remove.set_id(id);
  remove.set_allow_missing(true);
  google::protobuf::Empty empty;
  EXPECT_TRUE(engine_.Call("SampleService/DeleteSample", remove, empty).ok());
  types::v1::UpdateSampleRequest update;
  update.mutable_sample()->set_id(id);
  update.mutable_sample()->set_i32(5);
  update.mutable_sample()->set_i64(6);
  update.mutable_update_mask()->add_paths("i32");
  update.set_allow_missing(true);
  Sample sample;
  ASSERT_TRUE(engine_.Call("SampleService/UpdateSample", update, sample).ok());
  EXPECT_EQ(sample.i64(), 6);  // created whole
  update.mutable_sample()->set_i32(7);
  update.mutable_sample()->set_i64(8);
  ASSERT_TRUE(engine_.Call("SampleService/UpdateSample", update, sample).ok());
  EXPECT_EQ(sample.i32(), 7);
  EXPECT_EQ(sample.i64(), 6);  // changed by the mask
}

}  // namespace
}  // namespace dataservice::test
