// Answers that would be larger than clients take.
#include <gmock/gmock.h>

#include "claims_fixture.h"
#include "engine_limits.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;

class AnswerSizeTest : public ClaimsTest {
 protected:
  static constexpr int kRows = 100;
  static constexpr int kRowBytes = 100000;

  // Ids of so many rows of `bytes` each, in order.
  std::vector<std::string> Rows(int count, int bytes) {
    Sql("INSERT INTO types.sample (id, text) SELECT gen_random_uuid(), repeat('x', " +
        std::to_string(bytes) + ") FROM generate_series(1, " + std::to_string(count) + ")");
    types::v1::ListSamplesRequest request;
    request.set_page_size(1000);
    request.mutable_read_mask()->add_paths("id");
    types::v1::ListSamplesResponse page;
    EXPECT_TRUE(engine_.Call("SampleService/ListSamples", request, page).ok());
    std::vector<std::string> ids;
    for (const auto& sample : page.samples()) ids.push_back(sample.id());
    EXPECT_EQ(ids.size(), static_cast<size_t>(count));
    return ids;
  }

  grpc::Status Update(const std::vector<std::string>& ids, const std::string& request_id,
                      types::v1::BatchUpdateSamplesResponse& response) {
    types::v1::BatchUpdateSamplesRequest request;
    request.set_request_id(request_id);
    for (const std::string& id : ids) {
      auto& element = *request.add_requests();
      element.mutable_sample()->set_id(id);
      element.mutable_sample()->set_i32(7);
      element.mutable_update_mask()->add_paths("i32");
    }
    return engine_.Call("SampleService/BatchUpdateSamples", request, response);
  }

  static std::string Changed() { return Sql("SELECT count(*) FROM types.sample WHERE i32 = 7"); }
};

TEST_F(AnswerSizeTest, APageEndsEarlyWithAToken) {
  const auto ids = Rows(kRows, kRowBytes);
  types::v1::ListSamplesRequest request;
  request.set_page_size(1000);
  std::vector<std::string> seen;
  int pages = 0;
  while (true) {
    types::v1::ListSamplesResponse page;
    const auto status = engine_.Call("SampleService/ListSamples", request, page);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ++pages;
    ASSERT_GT(page.samples_size(), 0);
    EXPECT_LE(page.ByteSizeLong(), size_t{4} * 1024 * 1024);
    for (const auto& sample : page.samples()) seen.push_back(sample.id());
    if (!page.has_next_page_token()) break;
    request.set_page_token(page.next_page_token());
  }
  EXPECT_EQ(seen, ids);
  EXPECT_EQ(pages, 3);
}

TEST_F(AnswerSizeTest, ABatchThatWouldBeTooLargeIsRefusedBeforeItIsDone) {
  const auto ids = Rows(kRows, kRowBytes);
  types::v1::BatchUpdateSamplesResponse response;
  for (const char* request_id : {"", "again", "again"}) {
    const auto status = Update(ids, request_id, response);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << status.error_message();
    EXPECT_THAT(status.error_message(), HasSubstr("requests"));
    EXPECT_THAT(status.error_message(), HasSubstr(std::to_string(kMaxAnswerBytes)));
    EXPECT_EQ(Changed(), "0");
  }
  EXPECT_EQ(Claims(), "0");
  const std::vector<std::string> some(ids.begin(), ids.begin() + 40);
  EXPECT_TRUE(Update(some, "some", response).ok());
  EXPECT_EQ(Changed(), "40");
  types::v1::BatchUpdateSamplesResponse repeated;
  EXPECT_TRUE(Update(some, "some", repeated).ok());
  EXPECT_EQ(repeated.SerializeAsString(), response.SerializeAsString());
}

TEST_F(AnswerSizeTest, SoIsOneThatCreates) {
  types::v1::BatchCreateSamplesRequest request;
  for (int i = 0; i < 50; ++i) {
    request.add_requests()->mutable_sample()->set_text(std::string(kRowBytes, 'y'));
  }
  types::v1::BatchCreateSamplesResponse response;
  const auto status = engine_.Call("SampleService/BatchCreateSamples", request, response);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << status.error_message();
  EXPECT_EQ(Samples(), "0");
}

TEST_F(AnswerSizeTest, ABatchGetIsRefused) {
  const auto ids = Rows(kRows, kRowBytes);
  types::v1::BatchGetSamplesRequest request;
  for (const std::string& id : ids) request.add_ids(id);
  types::v1::BatchGetSamplesResponse response;
  const auto status = engine_.Call("SampleService/BatchGetSamples", request, response);
  EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << status.error_message();
  EXPECT_THAT(status.error_message(), HasSubstr("ids"));
  request.mutable_read_mask()->add_paths("id");
  EXPECT_TRUE(engine_.Call("SampleService/BatchGetSamples", request, response).ok());
  EXPECT_EQ(response.samples_size(), kRows);
}

TEST_F(AnswerSizeTest, ASingleRowIsAnswered) {
  const auto ids = Rows(2, static_cast<int>(kMaxAnswerBytes) + 10000);
  types::v1::ListSamplesResponse page;
  EXPECT_TRUE(
      engine_.Call("SampleService/ListSamples", types::v1::ListSamplesRequest(), page).ok());
  EXPECT_EQ(page.samples_size(), 1);
  EXPECT_TRUE(page.has_next_page_token());
  types::v1::BatchGetSamplesRequest request;
  request.add_ids(ids[1]);
  types::v1::BatchGetSamplesResponse response;
  EXPECT_TRUE(engine_.Call("SampleService/BatchGetSamples", request, response).ok());
  types::v1::BatchUpdateSamplesResponse updated;
  EXPECT_TRUE(Update({ids[0]}, "", updated).ok());
}

}  // namespace
}  // namespace dataservice::test
