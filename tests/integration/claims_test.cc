// A request_id (AIP-155): what it answers again, what it refuses, when it is
// forgotten.
#include <gmock/gmock.h>

#include "claims_fixture.h"
#include "postgres/conninfo.h"
#include "random_row.h"
#include "serve/execution/claim_cleaner.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;

constexpr char kId[] = "01a20c76-3549-792b-8739-70a1d035828a";

TEST_F(ClaimsTest, ACreationIsAnsweredAgain) {
  const auto first = Write(CreationOf("a", "r"));
  ASSERT_TRUE(first.status.ok()) << first.status.error_message();
  EXPECT_TRUE(first.created);
  EXPECT_EQ(Write(CreationOf("a", "r")).Text(), first.Text());
  EXPECT_EQ(Samples(), "1");
  ASSERT_TRUE(Write(UpdateOf(first.message.id(), "b", "")).status.ok());
  EXPECT_EQ(Write(CreationOf("a", "r")).Text(), first.Text());
  ASSERT_TRUE(Write(DeletionOf(first.message.id(), "")).status.ok());
  EXPECT_EQ(Write(CreationOf("a", "r")).Text(), first.Text());
  EXPECT_EQ(Samples(), "0");
}

TEST_F(ClaimsTest, ACreationUnderAGivenKeyToo) {
  auto request = CreationOf("a", "r");
  request.mutable_sample()->set_id(kId);
  const auto first = Write(request);
  ASSERT_TRUE(first.status.ok());
  EXPECT_EQ(Write(request).Text(), first.Text());
  request.clear_request_id();
  EXPECT_EQ(Write(request).status.error_code(), StatusCode::ALREADY_EXISTS);
}

TEST_F(ClaimsTest, AnUpdateUnderAVersionIsAnsweredAgain) {
  auto request = UpdateOf("", "b", "r");
  *request.mutable_sample() = Stored("a");
  request.mutable_sample()->set_text("b");
  const auto first = Write(request);
  ASSERT_TRUE(first.status.ok()) << first.status.error_message();
  EXPECT_FALSE(first.created);
  // The etag is an old one by now.
  EXPECT_EQ(Write(request).Text(), first.Text());
  const Metadata match = {{"if-match", "\"" + first.message.etag() + "\""}};
  const auto under_header = Write(UpdateOf(first.message.id(), "c", "s"), match);
  ASSERT_TRUE(under_header.status.ok());
  EXPECT_EQ(Write(UpdateOf(first.message.id(), "c", "s"), match).Text(), under_header.Text());
}

TEST_F(ClaimsTest, AnUpdateWithoutAVersionChangesOnce) {
  const Sample sample = Stored("a");
  const auto first = Write(UpdateOf(sample.id(), "b", "r"));
  ASSERT_TRUE(first.status.ok());
  ASSERT_TRUE(Write(UpdateOf(sample.id(), "c", "")).status.ok());
  EXPECT_EQ(Write(UpdateOf(sample.id(), "b", "r")).Text(), first.Text());
  EXPECT_EQ(TextOf(sample.id()), "c");
  ASSERT_TRUE(Write(DeletionOf(sample.id(), "")).status.ok());
  EXPECT_EQ(Write(UpdateOf(sample.id(), "b", "r")).Text(), first.Text());
}

TEST_F(ClaimsTest, AnUpsertSaysAgainThatItCreated) {
  const auto created = Write(UpsertOf(kId, "a", "r"));
  ASSERT_TRUE(created.status.ok());
  EXPECT_TRUE(created.created);
  const auto replaced = Write(UpsertOf(kId, "b", "s"));
  ASSERT_TRUE(replaced.status.ok());
  EXPECT_FALSE(replaced.created);
  EXPECT_EQ(Write(UpsertOf(kId, "a", "r")).Text(), created.Text());
  EXPECT_EQ(Write(UpsertOf(kId, "b", "s")).Text(), replaced.Text());
  EXPECT_EQ(TextOf(kId), "b");
  const Metadata none = {{"if-none-match", "*"}};
  const std::string other = "01a20c76-3549-792b-8739-70a1d035828b";
  const auto only_created = Write(UpsertOf(other, "a", "t"), none);
  ASSERT_TRUE(only_created.status.ok());
  EXPECT_TRUE(only_created.created);
  EXPECT_EQ(Write(UpsertOf(other, "a", "t"), none).Text(), only_created.Text());
}

TEST_F(ClaimsTest, ADeletionIsAnsweredAgain) {
  auto request = DeletionOf(Stored("a").id(), "r");
  ASSERT_TRUE(Write(request).status.ok());
  EXPECT_TRUE(Write(request).status.ok());
  // A row that came back is another one.
  ASSERT_TRUE(Write(UpsertOf(request.id(), "b", "")).status.ok());
  EXPECT_TRUE(Write(request).status.ok());
  EXPECT_EQ(Samples(), "1");
  request.set_request_id("s");
  EXPECT_TRUE(Write(request).status.ok());
  EXPECT_EQ(Samples(), "0");
}

TEST_F(ClaimsTest, ADeletionOfNothingIsRemembered) {
  auto request = DeletionOf(kId, "r");
  EXPECT_EQ(Write(request).status.error_code(), StatusCode::NOT_FOUND);
  request.set_allow_missing(true);
  EXPECT_TRUE(Write(request).status.ok());
  EXPECT_EQ(Claims(), "1");
  ASSERT_TRUE(Write(UpsertOf(kId, "b", "")).status.ok());
  EXPECT_TRUE(Write(request).status.ok());
  EXPECT_EQ(Samples(), "1");
  // Under an id of its own it deletes what is there.
  request.set_request_id("s");
  request.set_etag("x");
  EXPECT_EQ(Write(request).status.error_code(), StatusCode::ABORTED);
  request.clear_etag();
  EXPECT_TRUE(Write(request).status.ok());
  EXPECT_EQ(Samples(), "0");
}

TEST_F(ClaimsTest, EveryTypeIsAnsweredAsItWas) {
  RandomRow random(7);
  for (int i = 0; i < 100; ++i) {
    types::v1::UpsertSampleRequest request;
    random.Fill(*request.mutable_sample(), static_cast<int>(random.Below(101)));
    request.mutable_sample()->set_id(random.Uuid());
    request.mutable_sample()->clear_etag();
    request.mutable_sample()->clear_order_code();
    request.mutable_sample()->clear_origin_id();
    request.set_request_id("r" + std::to_string(i));
    const auto first = Write(request);
    ASSERT_TRUE(first.status.ok()) << first.status.error_message();
    EXPECT_EQ(Write(request).Text(), first.Text());
  }
  EXPECT_EQ(Claims(), "100");
}

TEST_F(ClaimsTest, AnotherRequestUnderTheIdIsRefused) {
  const Sample sample = Stored("a");
  ASSERT_TRUE(Write(UpdateOf(sample.id(), "b", "r"), {{"authorization", "me"}}).status.ok());
  const auto expect_reused = [](const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), StatusCode::ALREADY_EXISTS) << status.error_message();
    EXPECT_EQ(ReasonOf(status), "REQUEST_ID_REUSED");
  };
  const Metadata me = {{"authorization", "me"}};
  expect_reused(Write(UpdateOf(sample.id(), "c", "r"), me).status);
  expect_reused(Write(UpdateOf(kId, "b", "r"), me).status);
  expect_reused(Write(UpsertOf(sample.id(), "b", "r"), me).status);
  expect_reused(Write(CreationOf("b", "r"), me).status);
  expect_reused(Write(DeletionOf(sample.id(), "r"), me).status);
  expect_reused(Write(UpdateOf(sample.id(), "b", "r"), {{"authorization", "you"}}).status);
  expect_reused(Write(UpdateOf(sample.id(), "b", "r")).status);
  expect_reused(
      Write(UpdateOf(sample.id(), "b", "r"), {{"authorization", "me"}, {"if-match", "*"}}).status);
  EXPECT_EQ(TextOf(sample.id()), "b");
  EXPECT_EQ(Samples(), "1");
  EXPECT_EQ(Claims(), "1");
  // Nobody reads the caller's secret in the table.
  EXPECT_EQ(Sql("SELECT count(*) FROM types.request_claim AS c WHERE c::text LIKE '%me%'"), "0");
  EXPECT_TRUE(Write(UpdateOf(sample.id(), "b", "r"), me).status.ok());
}

TEST_F(ClaimsTest, AFailureLeavesNoClaim) {
  auto creation = CreationOf("a", "r");
  creation.mutable_sample()->set_order_code("none");
  EXPECT_EQ(Write(creation).status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Write(UpdateOf(kId, "b", "r")).status.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(Write(DeletionOf(kId, "r")).status.error_code(), StatusCode::NOT_FOUND);
  auto update = UpdateOf(Stored("a").id(), "b", "r");
  update.mutable_sample()->set_etag("x");
  EXPECT_EQ(Write(update).status.error_code(), StatusCode::ABORTED);
  auto same_key = CreationOf("b", "r");
  same_key.mutable_sample()->set_id(update.sample().id());
  EXPECT_EQ(Write(same_key).status.error_code(), StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(ReasonOf(Write(same_key).status), "");
  EXPECT_EQ(Claims(), "0");
  Sql("INSERT INTO types.\"order\" (code) VALUES ('none')");
  EXPECT_TRUE(Write(creation).status.ok());
  EXPECT_EQ(Claims(), "1");
}

TEST_F(ClaimsTest, UniqueValuesOfTheResourceAreStillTold) {
  types::v1::CreateOrderRequest request;
  types::v1::Order order;
  request.mutable_order()->set_code("a");
  request.mutable_order()->set_user("me");
  request.set_request_id("r");
  ASSERT_TRUE(engine_.Call("OrderService/CreateOrder", request, order).ok());
  request.mutable_order()->set_code("b");
  request.set_request_id("s");
  const auto status = engine_.Call("OrderService/CreateOrder", request, order);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonOf(status), "UNIQUE_BROKEN");
  // The id of an order is not free for a sample.
  EXPECT_EQ(ReasonOf(Write(CreationOf("a", "r")).status), "REQUEST_ID_REUSED");
  EXPECT_EQ(Samples(), "0");
}

TEST_F(ClaimsTest, MetadataNamesTheRequestToo) {
  const auto first = Write(CreationOf("a", ""), {{"idempotency-key", "it's \\ {a, \"b\"}"}});
  ASSERT_TRUE(first.status.ok()) << first.status.error_message();
  EXPECT_EQ(Write(CreationOf("a", "it's \\ {a, \"b\"}")).Text(), first.Text());
  EXPECT_EQ(Write(CreationOf("a", "r"), {{"idempotency-key", "s"}}).status.error_code(),
            StatusCode::INVALID_ARGUMENT);
  types::v1::DeleteCounterRequest counter;
  google::protobuf::Empty empty;
  counter.set_number(1);
  const auto refused = engine_.Call("CounterService/DeleteCounter", counter, empty, 10000,
                                    {{"idempotency-key", "r"}});
  EXPECT_EQ(refused.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(refused.error_message(), HasSubstr("takes no request_id"));
  types::v1::GetSampleRequest get;
  get.set_id(first.message.id());
  Sample sample;
  EXPECT_TRUE(
      engine_.Call("SampleService/GetSample", get, sample, 10000, {{"idempotency-key", "r"}}).ok());
}

// As after a contract that got a field: the answer has no value under its number.
TEST_F(ClaimsTest, AFieldThatCameLaterIsAbsent) {
  auto first = Write(CreationOf("a", "r"));
  ASSERT_TRUE(first.status.ok());
  const auto number = std::to_string(Sample::kTextFieldNumber);
  ASSERT_EQ(Sql("UPDATE types.request_claim SET answer = answer - '" + number + "'"), "");
  first.message.clear_text();
  EXPECT_EQ(Write(CreationOf("a", "r")).Text(), first.Text());
}

TEST_F(ClaimsTest, OldOnesAreForgotten) {
  ASSERT_TRUE(Write(CreationOf("a", "old")).status.ok());
  ASSERT_TRUE(Write(CreationOf("a", "new")).status.ok());
  Sql("UPDATE types.request_claim SET create_time = now() - interval '101 seconds' "
      "WHERE request_id = 'old'");
  Sql("INSERT INTO types.request_claim SELECT n, '', '{}', now() - interval '1 day' "
      "FROM generate_series(1, 2500) AS n");
  Canceller canceller;
  ConnectionCounts counts;
  int64_t deleted = 0;
  const std::string conninfo = *CompleteConnInfo(AppDatabase(), "cleaner");
  {
    const ClaimCleaner cleaner({.retention = std::chrono::seconds(100)},
                               {.schemas = {"types"},
                                .connect =
                                    [&] {
                                      return std::make_unique<Connection>(
                                          ConnectionSettings{conninfo}, canceller, counts);
                                    },
                                .pause = [] { return absl::Milliseconds(10); },
                                .abort = [&] { canceller.CancelAll(); },
                                .deleted = [&](int64_t claims) { deleted += claims; }});
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (Claims() != "1" && std::chrono::steady_clock::now() < limit) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  EXPECT_EQ(Sql("SELECT string_agg(request_id, ',') FROM types.request_claim"), "new");
  EXPECT_EQ(deleted, 2501);
  ASSERT_TRUE(Write(CreationOf("b", "old")).status.ok());
  EXPECT_EQ(Samples(), "3");
}

TEST_F(ClaimsTest, TheServerCannotChangeThem) {
  const std::string rights =
      "SELECT string_agg(p, ',' ORDER BY p) FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', "
      "'DELETE', 'TRUNCATE']) AS p WHERE has_table_privilege('" +
      AppRole() + "', 'types.request_claim', p)";
  EXPECT_EQ(Sql(rights), "DELETE,INSERT,SELECT");
}

}  // namespace
}  // namespace dataservice::test
