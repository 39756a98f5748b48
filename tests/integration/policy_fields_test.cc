// Fields that the policy withholds, or that it makes read-only: no kind of call shows, compares
// or writes them.
#include <grpcpp/support/sync_stream.h>

#include "absl/strings/str_cat.h"
#include "policy_fixture.h"
#include "raw_call.h"
#include "status_info.h"
#include "stream_calls.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;
using testing::Not;
using types::v1::Order;
using types::v1::Sample;

constexpr char kId[] = "01a20c76-3549-792b-8739-70a1d035828a";

class PolicyFields : public PolicyTest {
 protected:
  void SetUp() override {
    PolicyTest::SetUp();
    Sql("INSERT INTO types.\"order\" (code, \"user\", \"group\", \"table\") "
        "VALUES ('a', 'secret1', 5, 0), ('b', 'secret2', 6, 0)");
    types::v1::CreateSampleRequest create;
    Sample& sample = *create.mutable_sample();
    sample.set_id(kId);
    sample.set_order_code("a");
    sample.set_text("secret3");
    sample.set_i32(32);
    sample.set_i64(64);
    sample.mutable_part()->set_name("secret4");
    EXPECT_TRUE(CallAs("writer", "SampleService/CreateSample", create, sample_).ok());
    EXPECT_EQ(sample_.text(), "secret3");
  }

  template <typename Response, typename Request>
  Response Good(const std::string& method, const Request& request) {
    Response response;
    const grpc::Status status = CallAs("limited", method, request, response);
    EXPECT_TRUE(status.ok()) << method << ": " << status.error_message();
    EXPECT_THAT(response.DebugString(), Not(HasSubstr("secret"))) << method;
    return response;
  }
  // The field that is denied.
  template <typename Response, typename Request>
  std::string Denied(const std::string& method, const Request& request,
                     std::multimap<std::string, std::string> metadata = {}) {
    Response response;
    const grpc::Status status = CallAs("limited", method, request, response, std::move(metadata));
    EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED)
        << method << ": " << status.error_message() << response.DebugString();
    EXPECT_EQ(ReasonOf(status), "FIELD_DENIED");
    const auto info = InfoOf(status);
    const auto field = info.metadata().find("field");
    return field == info.metadata().end() ? "" : field->second;
  }

  Sample sample_;
};

TEST_F(PolicyFields, ReadsHaveNoWithheldField) {
  types::v1::GetSampleRequest get;
  get.set_id(kId);
  EXPECT_EQ(Good<Sample>("SampleService/GetSample", get).i64(), 64);
  get.mutable_read_mask()->add_paths("*");
  EXPECT_EQ(Good<Sample>("SampleService/GetSample", get).i64(), 64);
  types::v1::GetOrderRequest order;
  order.set_code("a");
  order.mutable_read_mask()->add_paths("*");
  EXPECT_EQ(Good<Order>("OrderService/GetOrder", order).group(), 5);
  types::v1::BatchGetOrdersRequest batch;
  batch.add_codes("a");
  batch.add_codes("b");
  EXPECT_EQ(
      Good<types::v1::BatchGetOrdersResponse>("OrderService/BatchGetOrders", batch).orders_size(),
      2);
  batch.mutable_read_mask()->add_paths("*");
  EXPECT_EQ(
      Good<types::v1::BatchGetOrdersResponse>("OrderService/BatchGetOrders", batch).orders_size(),
      2);
  EXPECT_EQ(
      Good<types::v1::ListOrdersResponse>("OrderService/ListOrders", types::v1::ListOrdersRequest())
          .orders_size(),
      2);
  types::v1::ListOrderSamplesRequest samples;
  samples.set_order_code("a");
  Sample response;
  EXPECT_EQ(CallAs("limited", "OrderSampleService/ListSamples", samples, response).error_code(),
            StatusCode::PERMISSION_DENIED);
}

TEST_F(PolicyFields, AnotherCallerInTheSameBatchSeesThem) {
  std::vector<std::thread> callers;
  for (int i = 0; i < 32; ++i) {
    callers.emplace_back([this, i] {
      types::v1::GetOrderRequest get;
      get.set_code("a");
      for (int n = 0; n < 50; ++n) {
        Order order;
        EXPECT_TRUE(
            CallAs(i % 2 == 0 ? "limited" : "reader", "OrderService/GetOrder", get, order).ok());
        EXPECT_EQ(order.user(), i % 2 == 0 ? "" : "secret1");
        EXPECT_EQ(order.has_user(), i % 2 != 0);
      }
    });
  }
  for (auto& caller : callers) caller.join();
}

TEST_F(PolicyFields, ExportsHaveNoWithheldField) {
  grpc::ClientContext context;
  context.AddMetadata("authorization", "limited");
  const auto rows = OpenExport<types::v1::ExportOrdersRequest, Order>(
      *guarded_, "OrderService/ExportOrders", context, {});
  int count = 0;
  for (Order row; rows->Read(&row); ++count) EXPECT_FALSE(row.has_user());
  EXPECT_TRUE(rows->Finish().ok());
  EXPECT_EQ(count, 2);
  grpc::ClientContext filtered;
  filtered.AddMetadata("authorization", "limited");
  types::v1::ExportOrdersRequest request;
  request.set_filter("user = \"secret1\"");
  const auto none = OpenExport<types::v1::ExportOrdersRequest, Order>(
      *guarded_, "OrderService/ExportOrders", filtered, request);
  Order row;
  EXPECT_FALSE(none->Read(&row));
  EXPECT_EQ(none->Finish().error_code(), StatusCode::PERMISSION_DENIED);
}

TEST_F(PolicyFields, RequestsThatNameThemAreRefused) {
  using types::v1::ListOrdersRequest;
  using types::v1::ListOrdersResponse;
  const auto list = [&](const ListOrdersRequest& request) {
    return Denied<ListOrdersResponse>("OrderService/ListOrders", request);
  };
  const std::string user = "types.v1.Order.user";
  ListOrdersRequest request;
  for (const char* filter : {"user = \"secret1\"", "NOT user:*", "code = \"a\" OR user = \"s*\"",
                             "group = 5 AND (group = 6 OR user != null)"}) {
    request.set_filter(filter);
    EXPECT_EQ(list(request), user) << filter;
  }
  request = {};
  request.set_order_by("group, user desc");
  EXPECT_EQ(list(request), user);
  request = {};
  request.set_user("secret1");
  EXPECT_EQ(list(request), user);
  request = {};
  request.mutable_read_mask()->add_paths("user");
  EXPECT_EQ(list(request), user);
  types::v1::GetSampleRequest get;
  get.set_id(kId);
  get.mutable_read_mask()->add_paths("part.name");
  EXPECT_EQ(Denied<Sample>("SampleService/GetSample", get), "types.v1.Sample.part");
  types::v1::GetOrderRequest order;
  order.set_code("a");
  order.mutable_read_mask()->add_paths("first_text");  // computed from Sample.text
  EXPECT_EQ(Denied<Order>("OrderService/GetOrder", order), "types.v1.Order.first_text");
  types::v1::BatchGetOrdersRequest batch;
  batch.add_codes("a");
  batch.mutable_read_mask()->add_paths("user");
  EXPECT_EQ(Denied<types::v1::BatchGetOrdersResponse>("OrderService/BatchGetOrders", batch), user);
}

TEST_F(PolicyFields, APageTokenOfOtherRightsIsRefused) {
  types::v1::ListOrdersRequest list;
  list.set_page_size(1);
  list.set_order_by("user");
  types::v1::ListOrdersResponse page;
  ASSERT_TRUE(CallAs("reader", "OrderService/ListOrders", list, page).ok());
  list.set_page_token(page.next_page_token());
  EXPECT_EQ(CallAs("limited", "OrderService/ListOrders", list, page).error_code(),
            StatusCode::INVALID_ARGUMENT);
  list.clear_page_token();
  list.set_order_by("group");
  ASSERT_TRUE(CallAs("reader", "OrderService/ListOrders", list, page).ok());
  list.set_page_token(page.next_page_token());
  EXPECT_EQ(CallAs("limited", "OrderService/ListOrders", list, page).error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(CallAs("reader", "OrderService/ListOrders", list, page).ok());
  // Its own tokens serve.
  list.clear_page_token();
  list.set_page_token(
      Good<types::v1::ListOrdersResponse>("OrderService/ListOrders", list).next_page_token());
  EXPECT_EQ(Good<types::v1::ListOrdersResponse>("OrderService/ListOrders", list).orders(0).code(),
            "b");
}

TEST_F(PolicyFields, AnswersOfWritesHaveNoWithheldField) {
  types::v1::UpdateSampleRequest update;
  update.mutable_sample()->set_id(kId);
  update.mutable_sample()->set_i64(65);
  update.set_request_id("update-1");
  EXPECT_EQ(Good<Sample>("SampleService/UpdateSample", update).i64(), 65);
  // The first answer of the claim, read again.
  EXPECT_EQ(Good<Sample>("SampleService/UpdateSample", update).i64(), 65);
  types::v1::BatchUpdateSamplesRequest batch;
  *batch.add_requests()->mutable_sample() = update.sample();
  batch.set_request_id("batch-1");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Good<types::v1::BatchUpdateSamplesResponse>("SampleService/BatchUpdateSamples", batch)
                  .samples_size(),
              1);
  }
  EXPECT_EQ(Sql("SELECT text FROM types.sample"), "secret3");
}

TEST_F(PolicyFields, AReplayHasTheRightsOfToday) {
  Replace("rules: [{name: a, who: [{subject: limited}], call: [read, write]}]");
  types::v1::CreateOrderRequest create;
  create.mutable_order()->set_code("c");
  create.mutable_order()->set_user("secret5");
  create.set_request_id("create-1");
  Order order;
  ASSERT_TRUE(CallAs("limited", "OrderService/CreateOrder", create, order).ok());
  EXPECT_EQ(order.user(), "secret5");
  types::v1::BatchCreateOrdersRequest batch;
  batch.add_requests()->mutable_order()->set_code("d");
  batch.mutable_requests(0)->mutable_order()->set_user("secret6");
  batch.set_request_id("batch-2");
  types::v1::BatchCreateOrdersResponse orders;
  ASSERT_TRUE(CallAs("limited", "OrderService/BatchCreateOrders", batch, orders).ok());
  EXPECT_EQ(orders.orders(0).user(), "secret6");
  Replace(
      "rules: [{name: a, who: [{subject: limited}], call: [read, write], "
      "withhold: [types.v1.Order.user]}]");
  EXPECT_EQ(Good<Order>("OrderService/CreateOrder", create).code(), "c");
  EXPECT_EQ(Good<types::v1::BatchCreateOrdersResponse>("OrderService/BatchCreateOrders", batch)
                .orders(0)
                .code(),
            "d");
}

TEST_F(PolicyFields, ReadOnlyFieldsAreNotWritten) {
  const std::string i32 = "types.v1.Sample.i32";
  types::v1::CreateSampleRequest create;
  create.mutable_sample()->set_i32(1);
  EXPECT_EQ(Denied<Sample>("SampleService/CreateSample", create), i32);
  types::v1::UpdateSampleRequest update;
  update.mutable_sample()->set_id(kId);
  update.mutable_sample()->set_i32(1);
  EXPECT_EQ(Denied<Sample>("SampleService/UpdateSample", update), i32);
  for (const char* path : {"i32", "*"}) {
    *update.mutable_update_mask() = {};
    update.mutable_update_mask()->add_paths(path);
    EXPECT_EQ(Denied<Sample>("SampleService/UpdateSample", update), i32);
  }
  types::v1::BatchCreateSamplesRequest batch;
  *batch.add_requests() = create;
  EXPECT_EQ(
      Denied<types::v1::BatchCreateSamplesResponse>("SampleService/BatchCreateSamples", batch),
      i32);
  types::v1::UpsertSampleRequest upsert;
  *upsert.mutable_sample() = update.sample();
  EXPECT_EQ(Denied<Sample>("SampleService/UpsertSample", upsert), i32);
  update.mutable_sample()->mutable_part()->set_name("x");
  update.mutable_update_mask()->clear_paths();
  update.mutable_update_mask()->add_paths("part.name");  // withheld: only its absence would tell
  EXPECT_EQ(Denied<Sample>("SampleService/UpdateSample", update), "types.v1.Sample.part");
}

TEST_F(PolicyFields, AReplacementKeepsReadOnlyAndWithheldFields) {
  types::v1::UpsertSampleRequest upsert;
  upsert.mutable_sample()->set_id(kId);
  upsert.mutable_sample()->set_i64(66);
  EXPECT_EQ(Good<Sample>("SampleService/UpsertSample", upsert).i64(), 66);
  EXPECT_EQ(Sql("SELECT concat_ws(' ', text, i32, i64, part->>'name') FROM types.sample"),
            "secret3 32 66 secret4");
  upsert.mutable_sample()->set_text("written");
  Good<Sample>("SampleService/UpsertSample", upsert);
  EXPECT_EQ(Sql("SELECT text FROM types.sample"), "written");
}

TEST_F(PolicyFields, AnEtagThatWouldTellAWithheldFieldIsWithheld) {
  Replace(
      "rules: [{name: a, who: [{subject: limited}], call: [read, write], "
      "withhold: [types.v1.Sample.update_time]}]");
  types::v1::GetSampleRequest get;
  get.set_id(kId);
  Sample sample;
  ASSERT_TRUE(CallAs("limited", "SampleService/GetSample", get, sample).ok());
  EXPECT_EQ(sample.etag(), "");
  EXPECT_FALSE(sample.has_update_time());
  EXPECT_EQ(sample.text(), "secret3");
  types::v1::UpdateSampleRequest update;
  update.mutable_sample()->set_id(kId);
  update.mutable_sample()->set_i64(1);
  EXPECT_EQ(Denied<Sample>("SampleService/UpdateSample", update,
                           {{"if-match", absl::StrCat("\"", sample_.etag(), "\"")}}),
            "types.v1.Sample.etag");
  types::v1::DeleteSampleRequest deletion;
  deletion.set_id(kId);
  deletion.set_etag(sample_.etag());
  EXPECT_EQ(Denied<google::protobuf::Empty>("SampleService/DeleteSample", deletion),
            "types.v1.Sample.etag");
}

TEST_F(PolicyFields, JsonHasNoWithheldField) {
  const auto json = [&](const std::string& part, const google::protobuf::Message& request,
                        const std::string& method) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "limited");
    context.AddMetadata("response-json", part);
    std::string text;
    EXPECT_TRUE(
        RawCall(*guarded_, context, "/types.v1." + method, request.SerializeAsString(), &text)
            .ok());
    EXPECT_THAT(text, Not(HasSubstr("secret")));
    return text;
  };
  types::v1::GetSampleRequest get;
  get.set_id(kId);
  const std::string text = json("", get, "SampleService/GetSample");
  EXPECT_THAT(text, HasSubstr("\"i64\":\"64\""));
  EXPECT_THAT(text, Not(HasSubstr("\"text\"")));
  EXPECT_THAT(text, Not(HasSubstr("\"part\":")));
  get.mutable_read_mask()->add_paths("*");
  EXPECT_THAT(json("", get, "SampleService/GetSample"), Not(HasSubstr("\"text\"")));
  EXPECT_EQ(json("text", get, "SampleService/GetSample"), "\"\"");
  EXPECT_THAT(json("samples", types::v1::ListSamplesRequest(), "SampleService/ListSamples"),
              Not(HasSubstr("\"text\"")));
}

TEST_F(PolicyFields, RefusalsForFieldsAreRecorded) {
  audit_.Take();
  types::v1::ListOrdersRequest list;
  list.set_order_by("user");
  types::v1::ListOrdersResponse page;
  CallAs("limited", "OrderService/ListOrders", list, page);
  EXPECT_THAT(
      audit_.Take(),
      testing::ElementsAre(HasSubstr(R"("code":"PERMISSION_DENIED","reason":"FIELD_DENIED")")));
}

}  // namespace
}  // namespace dataservice::test
