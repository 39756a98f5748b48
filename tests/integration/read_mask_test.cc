// Reads of some fields (AIP-157).
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>

#include "engine_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;
using types::v1::ListSamplesRequest;
using types::v1::ListSamplesResponse;
using types::v1::Sample;

class ReadMaskTest : public EngineTest {
 protected:
  Sample Create(const Sample& sample) {
    types::v1::CreateSampleRequest request;
    *request.mutable_sample() = sample;
    Sample made;
    const auto status = engine_.Call("SampleService/CreateSample", request, made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made;
  }

  grpc::Status Read(const std::string& id, const std::vector<std::string>& paths, Sample& answer) {
    types::v1::GetSampleRequest request;
    request.set_id(id);
    for (const std::string& path : paths) request.mutable_read_mask()->add_paths(path);
    answer.Clear();
    return engine_.Call("SampleService/GetSample", request, answer);
  }

  // The answer as protobuf's text, on one line.
  std::string Get(const std::string& id, const std::vector<std::string>& paths) {
    Sample answer;
    const auto status = Read(id, paths, answer);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return answer.ShortDebugString();
  }
};

TEST_F(ReadMaskTest, AnswersWhatIsNamed) {
  Sample sample;
  sample.set_text("a");
  sample.set_opt_i32(0);
  sample.add_numbers(1);
  sample.set_note("n");
  sample.mutable_part()->set_name("p");
  sample.mutable_part()->set_share(2);
  sample.mutable_part()->add_parts()->set_name("q");
  sample.mutable_price()->set_units(3);
  sample.mutable_price()->set_currency_code("EUR");
  const Sample made = Create(sample);
  const std::string& id = made.id();
  EXPECT_EQ(Get(id, {"text", "opt_i32"}), R"(text: "a" opt_i32: 0)");
  EXPECT_EQ(Get(id, {"i32", "opt_text"}), "");
  EXPECT_EQ(Get(id, {"id", "numbers"}), "id: \"" + id + "\" numbers: 1");
  EXPECT_EQ(Get(id, {"etag"}), "etag: \"" + made.etag() + "\"");
  EXPECT_EQ(Get(id, {"code", "note"}), R"(note: "n")");
  EXPECT_EQ(Get(id, {"part.name"}), R"(part { name: "p" })");
  EXPECT_EQ(Get(id, {"part.parts", "price"}),
            R"(price { currency_code: "EUR" units: 3 } part { parts { name: "q" } })");
  // The message is there, its field is not.
  EXPECT_EQ(Get(id, {"part.seen_time"}), "part { }");
  EXPECT_EQ(Get(Create({}).id(), {"part.name", "price"}), "");
  EXPECT_EQ(Get(id, {"part", "part.name"}), Get(id, {"part"}));
  EXPECT_EQ(Get(id, {}), made.ShortDebugString());
  EXPECT_EQ(Get(id, {"*"}), made.ShortDebugString());
}

TEST_F(ReadMaskTest, RefusesWhatNamesNothing) {
  const std::string id = Create({}).id();
  Sample answer;
  for (const char* path : {"nothing", "", "text.x", "part.nothing", "parts.name", "a;DROP TABLE"}) {
    const auto status = Read(id, {"text", path}, answer);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << path;
    EXPECT_THAT(status.error_details(), HasSubstr("read_mask")) << path;
  }
  EXPECT_EQ(Read("00000000-0000-4000-8000-000000000000", {"text"}, answer).error_code(),
            StatusCode::NOT_FOUND);
  EXPECT_EQ(Read("x", {"text"}, answer).error_code(), StatusCode::INVALID_ARGUMENT);
}

// The columns of the order are read for the page token, and not answered. The
// mask may change from page to page.
TEST_F(ReadMaskTest, PagesInAnOrderThatIsNotNamed) {
  Sql("INSERT INTO types.sample (id, i32, opt_text, text) SELECT gen_random_uuid(), n / 4, "
      "CASE n % 3 WHEN 0 THEN NULL ELSE chr(97 + n % 5) END, n FROM generate_series(0, 59) AS n");
  for (const char* order : {"", "opt_text desc, i32", "i32, opt_text desc", "text desc"}) {
    ListSamplesRequest request;
    request.set_order_by(order);
    request.set_page_size(1000);
    ListSamplesResponse whole;
    ASSERT_TRUE(engine_.Call("SampleService/ListSamples", request, whole).ok());
    ASSERT_EQ(whole.samples_size(), 60);
    request.set_page_size(7);
    int count = 0;
    do {
      request.clear_read_mask();
      request.mutable_read_mask()->add_paths(count % 2 == 0 ? "text" : "etag");
      ListSamplesResponse page;
      const auto status = engine_.Call("SampleService/ListSamples", request, page);
      ASSERT_TRUE(status.ok()) << status.error_message();
      EXPECT_EQ(page.total_size(), 60);
      for (const Sample& row : page.samples()) {
        const Sample& expected = whole.samples(count++);
        const bool text = request.read_mask().paths(0) == "text";
        Sample alone;
        if (text) alone.set_text(expected.text());
        if (!text) alone.set_etag(expected.etag());
        EXPECT_EQ(row.ShortDebugString(), alone.ShortDebugString());
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(count, 60) << order;
  }
}

// A row that has nothing of what is named is a row all the same.
TEST_F(ReadMaskTest, ListsRowsWithoutFields) {
  Sql("INSERT INTO types.sample (id) SELECT gen_random_uuid() FROM generate_series(1, 5)");
  ListSamplesRequest request;
  request.mutable_read_mask()->add_paths("opt_text");
  ListSamplesResponse page;
  ASSERT_TRUE(engine_.Call("SampleService/ListSamples", request, page).ok());
  EXPECT_EQ(page.samples_size(), 5);
  EXPECT_EQ(page.samples(0).ByteSizeLong(), 0U);
  Sql("TRUNCATE types.sample");
  page.Clear();
  ASSERT_TRUE(engine_.Call("SampleService/ListSamples", request, page).ok());
  EXPECT_EQ(page.samples_size(), 0);
}

// A value that the contract cannot express fails only the reads that ask for it.
TEST_F(ReadMaskTest, DoesNotReadTheRest) {
  const std::string id = Create({}).id();
  Sql("UPDATE types.sample SET part = '{\"name\": {}}' WHERE id = '" + id + "'");
  Sample answer;
  EXPECT_EQ(Read(id, {}, answer).error_code(), StatusCode::INTERNAL);
  EXPECT_EQ(Read(id, {"part.share"}, answer).error_code(), StatusCode::INTERNAL);
  EXPECT_TRUE(Read(id, {"text", "etag"}, answer).ok());
}

TEST_F(ReadMaskTest, OfAKeyThatIsANumber) {
  Sql("INSERT INTO types.tally VALUES (-7, 0.5, 'red')");
  types::v1::GetCounterRequest request;
  request.set_number(-7);
  request.mutable_read_mask()->add_paths("colour");
  types::v1::Counter counter;
  ASSERT_TRUE(engine_.Call("CounterService/GetCounter", request, counter).ok());
  EXPECT_EQ(counter.ShortDebugString(), "colour: \"red\"");
}

}  // namespace
}  // namespace dataservice::test
