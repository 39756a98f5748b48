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

}  // namespace
}  // namespace dataservice::test
