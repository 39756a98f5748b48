// Exports: every row once and in order, whatever their size and number, and
// every way to end.
#include <thread>

#include "absl/strings/str_cat.h"
#include "stream_calls.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using types::v1::Counter;
using types::v1::ExportCountersRequest;
using types::v1::Sample;

class ExportTest : public EngineTest {
 protected:
  static void Fill(int rows) {
    Sql(
        absl::StrCat("INSERT INTO types.tally SELECT n, 1 / (1 + n % 3)::float8, CASE WHEN n % 2 = "
                     "0 THEN 'red' ELSE 'green' END FROM generate_series(1, ",
                     rows, ") AS n"));
  }

  // What an export answers; the numbers go to `numbers`.
  grpc::Status Export(const std::string& filter, std::vector<int64_t>& numbers) {
    grpc::ClientContext context;
    ExportCountersRequest request;
    request.set_filter(filter);
    const auto reader = OpenExport<ExportCountersRequest, Counter>(
        engine_, "CounterService/ExportCounters", context, request);
    Counter counter;
    while (reader->Read(&counter)) numbers.push_back(counter.number());
    return reader->Finish();
  }

  // Samples with a text of so many bytes each.
  static void FillSamples(int rows, int bytes) {
    Sql(
        absl::StrCat("INSERT INTO types.sample (id, text, data) SELECT gen_random_uuid(), "
                     "repeat('x', ",
                     bytes, "), '' FROM generate_series(1, ", rows, ")"));
  }
};

TEST_F(ExportTest, NothingOfAnEmptyTable) {
  std::vector<int64_t> numbers;
  EXPECT_TRUE(Export("", numbers).ok());
  EXPECT_TRUE(numbers.empty());
}

TEST_F(ExportTest, EveryRowOnceAndInOrder) {
  Fill(5000);
  std::vector<int64_t> numbers;
  ASSERT_TRUE(Export("", numbers).ok());
  ASSERT_EQ(numbers.size(), 5000U);
  for (size_t i = 0; i < numbers.size(); ++i) ASSERT_EQ(numbers[i], static_cast<int64_t>(i) + 1);
}

TEST_F(ExportTest, AFilterIsThatOfTheList) {
  Fill(3000);
  const std::string filter = "order_code = \"\" AND (i32 < 1000 OR i32 >= 2500) AND -flag = true";
  Sql("INSERT INTO types.sample (id, i32, flag) SELECT gen_random_uuid(), n, n % 3 = 0 FROM "
      "generate_series(1, 3000) AS n");
  std::vector<std::string> listed;
  types::v1::ListSamplesRequest list;
  list.set_filter(filter);
  list.set_page_size(400);
  do {
    types::v1::ListSamplesResponse page;
    const auto status = engine_.Call("SampleService/ListSamples", list, page);
    ASSERT_TRUE(status.ok()) << status.error_message();
    for (const auto& sample : page.samples()) listed.push_back(sample.SerializeAsString());
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  grpc::ClientContext context;
  types::v1::ExportSamplesRequest request;
  request.set_filter(filter);
  const auto reader = OpenExport<types::v1::ExportSamplesRequest, Sample>(
      engine_, "SampleService/ExportSamples", context, request);
  std::vector<std::string> exported;
  Sample sample;
  while (reader->Read(&sample)) exported.push_back(sample.SerializeAsString());
  const auto status = reader->Finish();
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_GT(listed.size(), 900U);
  EXPECT_EQ(exported, listed);
}

TEST_F(ExportTest, ABadFilterIsRefused) {
  std::vector<int64_t> numbers;
  for (const char* filter : {"nothing = 1", "number <", "number = \"x\"", "(", "\xff"}) {
    const auto status = Export(filter, numbers);
    EXPECT_TRUE(status.error_code() == StatusCode::INVALID_ARGUMENT ||
                (filter[0] == '\xff' && status.error_code() == StatusCode::INTERNAL))
        << filter << " " << status.error_message();
  }
  EXPECT_TRUE(numbers.empty());
}

TEST_F(ExportTest, ManyLargeRowsInConstantMemory) {
  FillSamples(5000, 100000);
  const size_t before = Memory();
  ForgetPeakMemory();
  grpc::ClientContext context;
  const auto reader = OpenExport<types::v1::ExportSamplesRequest, Sample>(
      engine_, "SampleService/ExportSamples", context, {});
  Sample sample;
  int rows = 0;
  while (reader->Read(&sample)) {
    ASSERT_EQ(sample.text().size(), 100000U);
    ++rows;
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(rows, 5000);
  ExpectGrowthBelow(200, before);  // of 500 MB
}

TEST_F(ExportTest, LargeRowsAfterManySmallOnes) {
  // Small ones make the pages long; the large ones, which come after by their
  // keys, must not all come in one.
  Sql("INSERT INTO types.sample (id, labels, text) SELECT ('00000000-0000-0000-0000-' || "
      "lpad(n::text, 12, '0'))::uuid, CASE WHEN n > 5000 THEN ARRAY[repeat('x', 500000)] ELSE '{}' "
      "END, CASE WHEN n > 5000 THEN repeat('y', 500000) ELSE '' END FROM generate_series(1, 5100) "
      "AS n");
  const size_t before = Memory();
  ForgetPeakMemory();
  grpc::ClientContext context;
  const auto reader = OpenExport<types::v1::ExportSamplesRequest, Sample>(
      engine_, "SampleService/ExportSamples", context, {});
  Sample sample;
  int rows = 0;
  while (reader->Read(&sample)) ++rows;
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(rows, 5100);
  ExpectGrowthBelow(75, before);  // of 100 MB
}

TEST_F(ExportTest, ASlowReaderHoldsNobodyUp) {
  FillSamples(500, 100000);
  grpc::ClientContext context;
  const auto reader = OpenExport<types::v1::ExportSamplesRequest, Sample>(
      engine_, "SampleService/ExportSamples", context, {});
  Sample sample;
  ASSERT_TRUE(reader->Read(&sample));
  Fill(2000);
  for (int i = 0; i < 20; ++i) {
    std::vector<int64_t> numbers;
    ASSERT_TRUE(Export("", numbers).ok());
    ASSERT_EQ(numbers.size(), 2000U);
  }
  int rows = 1;
  while (reader->Read(&sample)) ++rows;
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(rows, 500);
}

TEST_F(ExportTest, AClientThatLeavesLeavesNothingBehind) {
  FillSamples(500, 100000);
  {
    grpc::ClientContext context;
    const auto reader = OpenExport<types::v1::ExportSamplesRequest, Sample>(
        engine_, "SampleService/ExportSamples", context, {});
    Sample sample;
    ASSERT_TRUE(reader->Read(&sample));
    context.TryCancel();
    EXPECT_EQ(reader->Finish().error_code(), StatusCode::CANCELLED);
  }
  const auto began = std::chrono::steady_clock::now();
  engine_.Drain();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(15));
}

TEST_F(ExportTest, ADrainEndsIt) {
  FillSamples(500, 100000);
  grpc::ClientContext context;
  const auto reader = OpenExport<types::v1::ExportSamplesRequest, Sample>(
      engine_, "SampleService/ExportSamples", context, {});
  Sample sample;
  ASSERT_TRUE(reader->Read(&sample));
  std::thread drain([&] { engine_.Drain(); });
  int rows = 1;
  while (reader->Read(&sample)) {
    ++rows;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const auto status = reader->Finish();
  drain.join();
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE) << rows;
  EXPECT_LT(rows, 500);
}

TEST_F(ExportTest, ManyAtOnce) {
  Fill(3000);
  std::vector<std::thread> clients;
  for (int c = 0; c < 20; ++c) {
    clients.emplace_back([&] {
      std::vector<int64_t> numbers;
      EXPECT_TRUE(Export("colour = \"red\"", numbers).ok());
      EXPECT_EQ(numbers.size(), 1500U);
    });
  }
  for (auto& client : clients) client.join();
}

}  // namespace
}  // namespace dataservice::test
