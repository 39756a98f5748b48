// Rows that something wrote past the contract.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "claims_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;
using types::v1::Sample;

class UnreadableTest : public ClaimsTest {
 protected:
  void SetUp() override {
    ClaimsTest::SetUp();
    bad_ = Stored("bad").id();
    good_ = Stored("good").id();
    // An object, as the CHECK asks, and yet not a Part.
    ASSERT_EQ(
        Sql(R"(UPDATE types.sample SET part = '{"share": "much"}' WHERE id = ')" + bad_ + "'"), "");
  }

  void ExpectNamed(const grpc::Status& status) const {
    EXPECT_EQ(status.error_code(), StatusCode::INTERNAL);
    EXPECT_EQ(ReasonOf(status), "ROW_UNREADABLE");
    EXPECT_THAT(status.error_message(), HasSubstr("types.v1.Sample " + bad_));
    EXPECT_THAT(status.error_message(), HasSubstr("column part"));
  }
  grpc::Status Get(const std::string& id) {
    types::v1::GetSampleRequest request;
    request.set_id(id);
    Sample sample;
    return engine_.Call("SampleService/GetSample", request, sample);
  }
  std::string bad_, good_;
};

TEST_F(UnreadableTest, EveryReadNamesTheRowAndTheColumn) {
  ExpectNamed(Get(bad_));
  types::v1::ListSamplesResponse page;
  ExpectNamed(engine_.Call("SampleService/ListSamples", types::v1::ListSamplesRequest(), page));
  types::v1::BatchGetSamplesRequest batch;
  batch.add_ids(good_);
  batch.add_ids(bad_);
  types::v1::BatchGetSamplesResponse rows;
  ExpectNamed(engine_.Call("SampleService/BatchGetSamples", batch, rows));
  // A read that does not ask for the column is answered.
  types::v1::ListSamplesRequest masked;
  masked.mutable_read_mask()->add_paths("text");
  EXPECT_TRUE(engine_.Call("SampleService/ListSamples", masked, page).ok());
}

TEST_F(UnreadableTest, AnUpdateThatCannotBeAnsweredIsNotDone) {
  ExpectNamed(Write(UpdateOf(bad_, "changed", "")).status);
  EXPECT_EQ(TextOf(bad_), "bad");
  // One that writes the column mends the row.
  types::v1::UpdateSampleRequest request = UpdateOf(bad_, "mended", "");
  request.mutable_sample()->mutable_part()->set_share(1);
  request.mutable_update_mask()->add_paths("part");
  const auto mended = Write(request);
  EXPECT_TRUE(mended.status.ok()) << mended.status.error_message();
  EXPECT_TRUE(Get(bad_).ok());
  EXPECT_EQ(TextOf(bad_), "mended");
}

TEST_F(UnreadableTest, AReplacementMendsTheRow) {
  EXPECT_TRUE(Write(UpsertOf(bad_, "new", "")).status.ok());
  EXPECT_TRUE(Get(bad_).ok());
}

// They share statements, and with --workers=1 nearly always do.
TEST_F(UnreadableTest, OtherCallersOfABatchAreNotConcerned) {
  Engine engine(ExecutionSettings{.workers = 1});
  std::vector<std::string> others;
  for (int i = 0; i < 8; ++i) others.push_back(Stored("other").id());
  std::atomic<int> wrong{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 16; ++i) {
    clients.emplace_back([&, i] {
      const std::string id = i % 2 == 0 ? bad_ : others[static_cast<size_t>(i / 2)];
      const StatusCode expected = id == bad_ ? StatusCode::INTERNAL : StatusCode::OK;
      for (int round = 0; round < 20; ++round) {
        types::v1::GetSampleRequest get;
        get.set_id(id);
        Sample sample;
        if (engine.Call("SampleService/GetSample", get, sample).error_code() != expected) ++wrong;
        if (Write(engine, UpdateOf(id, "changed", "")).status.error_code() != expected) ++wrong;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(TextOf(bad_), "bad");
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample WHERE text = 'changed'"), "8");
}

TEST_F(UnreadableTest, WhatIsNoObjectIsNotStored) {
  const auto set = [&](const std::string& value) {
    return Sql("UPDATE types.sample SET part = '" + value + "' WHERE id = '" + good_ + "'");
  };
  for (const char* value : {"[1,2]", "5", "\"text\"", "null"}) {
    EXPECT_THAT(set(value), HasSubstr("sample_part_type"));
  }
  EXPECT_EQ(set("{}"), "");
}

}  // namespace
}  // namespace dataservice::test
