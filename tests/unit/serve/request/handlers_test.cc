// Requests -> operations, without a database.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "serve/errors/details.h"
#include "serve/request/prepared.h"
#include "serve/values/position.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class HandlersTest : public testing::Test, protected PreparedRequests {
 protected:
  // "field" of each violation.
  std::vector<std::string> Broken(const std::string& method,
                                  const google::protobuf::Message& request) {
    const auto operation = Prepare(method, request);
    EXPECT_EQ(operation.status().code(), absl::StatusCode::kInvalidArgument);
    google::rpc::Status status;
    status.ParseFromString(SerializedRpcStatus(operation.status()));
    std::vector<std::string> fields;
    google::rpc::BadRequest bad;
    if (status.details_size() == 1 && status.details(0).UnpackTo(&bad)) {
      for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
    }
    return fields;
  }

  template <typename Kind>
  static std::vector<std::string> ColumnsOf(const Prepared& operation) {
    std::vector<std::string> names;
    const Kind& shape = ShapeOf<Kind>(operation);
    for (const int i : shape.columns) names.push_back(shape.resource->column(i).name);
    return names;
  }
};

constexpr char kId[] = "01a20c76-3549-792b-8739-70a1d035828a";

TEST_F(HandlersTest, GetNeedsAKeyThatCanBe) {
  types::v1::GetSampleRequest request;
  EXPECT_THAT(Broken("GetSample", request), ElementsAre("id"));
  request.set_id("x");
  EXPECT_THAT(Broken("GetSample", request), ElementsAre("id"));
  request.set_id("01A20C76-3549-792B-8739-70A1D035828A");
  EXPECT_EQ(WorkOf<ReadWork>(Prepare("GetSample", request)).key, kId);
}

TEST_F(HandlersTest, ATextKeyObeysTheRulesOfItsField) {
  types::v1::GetOrderRequest request;
  EXPECT_THAT(Broken("GetOrder", request), ElementsAre("code"));
  request.set_code(std::string(41, 'a'));
  EXPECT_THAT(Broken("GetOrder", request), ElementsAre("code"));
  request.set_code("a b");
  EXPECT_TRUE(Prepare("GetOrder", request).ok());
}

TEST_F(HandlersTest, BytesThatAreNoRequest) {
  EXPECT_EQ(PrepareBytes("GetSample", "\xff\xff\xff").status().code(),
            absl::StatusCode::kInvalidArgument);
  // A string field that is no UTF-8.
  EXPECT_EQ(PrepareBytes("GetSample", "\x0a\x01\xff").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(HandlersTest, CreateMakesAKeyWhereNoneIsGiven) {
  types::v1::CreateSampleRequest request;
  request.mutable_sample();
  const auto made = Prepare("CreateSample", request);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(WorkOf<WriteWork>(made).key.size(), 36U);
  request.mutable_sample()->set_id(kId);
  EXPECT_EQ(WorkOf<WriteWork>(Prepare("CreateSample", request)).key, kId);
}

TEST_F(HandlersTest, CreateNeedsARowAndAKeyThatOnlyTheCallerKnows) {
  EXPECT_THAT(Broken("CreateSample", types::v1::CreateSampleRequest()), ElementsAre("sample"));
  types::v1::CreateOrderRequest request;
  request.mutable_order();
  EXPECT_THAT(Broken("CreateOrder", request), ElementsAre("order.code"));
}

TEST_F(HandlersTest, AViolationIsReportedOnce) {
  types::v1::CreateSampleRequest request;
  auto& sample = *request.mutable_sample();
  sample.add_labels("a");
  sample.add_labels(std::string("b\0", 2));
  sample.mutable_part()->mutable_seen_time()->set_seconds(int64_t{1} << 60);
  sample.add_parts()->set_name(std::string("c\0", 2));
  (*sample.mutable_by_number())[5].mutable_seen_time()->set_nanos(-1);
  sample.mutable_taken_time()->set_nanos(-1);
  EXPECT_THAT(Broken("CreateSample", request),
              ElementsAre("sample.taken_time", "sample.labels[1]", "sample.part.seen_time",
                          "sample.parts[0].name", "sample.by_number[5].seen_time"));
}

TEST_F(HandlersTest, AllViolationsAreToldAtOnce) {
  types::v1::CreateCounterRequest request;
  request.mutable_counter()->set_value(2);
  request.mutable_counter()->set_colour("blue");
  EXPECT_THAT(Broken("CreateCounter", request),
              ElementsAre("counter.number", "counter.value", "counter.colour"));
}

TEST_F(HandlersTest, OutputOnlyFieldsOfABodyAreDropped) {
  types::v1::CreateSampleRequest request;
  request.mutable_sample()->mutable_create_time()->set_seconds(1LL << 60);
  EXPECT_TRUE(Prepare("CreateSample", request).ok());
}

TEST_F(HandlersTest, AnEmptyMaskMeansWhatIsSet) {
  types::v1::UpdateSampleRequest request;
  request.mutable_sample()->set_id(kId);
  request.mutable_sample()->set_i32(5);
  request.mutable_sample()->set_opt_i32(0);
  request.mutable_sample()->add_numbers(1);
  request.mutable_sample()->set_etag("e");
  EXPECT_THAT(ColumnsOf<UpdateShape>(Prepare("UpdateSample", request)),
              ElementsAre("i32", "opt_i32", "numbers"));
}

TEST_F(HandlersTest, AMaskNamesFieldsInAnyOrder) {
  types::v1::UpdateSampleRequest request;
  request.mutable_sample()->set_id(kId);
  for (const char* path : {"text", "i32", "text", "id", "etag", "create_time"}) {
    request.mutable_update_mask()->add_paths(path);
  }
  EXPECT_THAT(ColumnsOf<UpdateShape>(Prepare("UpdateSample", request)), ElementsAre("i32", "text"));
  request.mutable_update_mask()->Clear();
  request.mutable_update_mask()->add_paths("*");
  EXPECT_GT(ColumnsOf<UpdateShape>(Prepare("UpdateSample", request)).size(), 40U);
}

TEST_F(HandlersTest, AMemberOfAOneofBringsItsSiblings) {
  types::v1::UpdateSampleRequest request;
  request.mutable_sample()->set_id(kId);
  request.mutable_sample()->set_code(4);
  EXPECT_THAT(ColumnsOf<UpdateShape>(Prepare("UpdateSample", request)),
              ElementsAre("note", "code"));
}

TEST_F(HandlersTest, AMaskOfUnknownFieldsIsRefused) {
  types::v1::UpdateSampleRequest request;
  request.mutable_sample()->set_id(kId);
  request.mutable_update_mask()->add_paths("nothing");
  EXPECT_THAT(Broken("UpdateSample", request), ElementsAre("update_mask"));
  for (const char* path : {"part.nothing", "i32.x", "parts.name", "taken_time.seconds",
                           "due_date.year", "price.units", ".", "", "part.parts.name"}) {
    request.mutable_update_mask()->set_paths(0, path);
    EXPECT_THAT(Broken("UpdateSample", request), ElementsAre("update_mask")) << path;
  }
}

TEST_F(HandlersTest, AMaskMayNameFieldsInsideAMessage) {
  types::v1::UpdateSampleRequest request;
  request.mutable_sample()->set_id(kId);
  request.mutable_sample()->mutable_part()->set_share(2);
  for (const char* path : {"part.share", "part.seen_time", "part.share"}) {
    request.mutable_update_mask()->add_paths(path);
  }
  const auto operation = Prepare("UpdateSample", request);
  ASSERT_TRUE(operation.ok()) << operation.status();
  ASSERT_EQ(ShapeOf<UpdateShape>(operation).merges.size(), 1U);
  // Key, etag, then what changes of part.
  EXPECT_EQ(WorkOf<WriteWork>(operation).values[2],
            R"({"to":{"share":2},"at":[[[],["seenTime","share"]]]})");
  request.mutable_update_mask()->add_paths("part");  // whole wins
  EXPECT_EQ(ShapeOf<UpdateShape>(Prepare("UpdateSample", request)).merges.size(), 0U);
  request.mutable_sample()->mutable_part()->set_name(std::string(31, 'x'));
  request.mutable_update_mask()->Clear();
  request.mutable_update_mask()->add_paths("part.name");
  EXPECT_THAT(Broken("UpdateSample", request), ElementsAre("sample.part.name"));
}

TEST_F(HandlersTest, AMaskMayNameEntries) {
  types::v1::UpdateSampleRequest request;
  request.mutable_sample()->set_id(kId);
  (*request.mutable_sample()->mutable_counts())["a.b"] = 1;
  (*request.mutable_sample()->mutable_by_number())[-5].set_share(3);
  for (const char* path :
       {"counts.`a.b`", "counts.gone", "counts.`say \"``\"`", "by_number.-5.share", "part."}) {
    request.mutable_update_mask()->add_paths(path);
  }
  const auto operation = Prepare("UpdateSample", request);
  ASSERT_TRUE(operation.ok()) << operation.status();
  EXPECT_EQ(WorkOf<WriteWork>(operation).values[2], R"({"to":null,"at":[[[],[]]]})");
  EXPECT_EQ(WorkOf<WriteWork>(operation).values[3],
            R"({"to":{"a.b":1},"at":[[[],["a.b","gone","say \"`\""]]]})");
  EXPECT_EQ(WorkOf<WriteWork>(operation).values[4],
            R"({"to":{"-5":{"share":3}},"at":[[[],[]],[["-5"],["share"]]]})");
  (*request.mutable_sample()->mutable_by_number())[-5].set_name(std::string(31, 'x'));
  request.mutable_update_mask()->add_paths("by_number.-5.name");
  EXPECT_THAT(Broken("UpdateSample", request), ElementsAre("sample.by_number[-5].name"));
  request.mutable_update_mask()->Clear();
  request.mutable_update_mask()->add_paths("by_number.-5");
  EXPECT_THAT(Broken("UpdateSample", request), ElementsAre("sample.by_number[-5].name"));
  for (const char* path :
       {"counts.", "by_number.x", "by_number.-05", "by_number.+5", "by_number.9999999999999999999",
        "counts.a.b", "counts.`a", "counts.`a`b", "counts.a`", "counts..a", ".", "", "text.",
        "labels.0", "parts.", "by_number.-5.nothing", "due_date.year", "seen_time.",
        "counts.``."}) {
    request.mutable_update_mask()->Clear();
    request.mutable_update_mask()->add_paths(path);
    const bool good = std::string_view(path) == "counts.";
    EXPECT_EQ(Prepare("UpdateSample", request).ok(), good) << path;
  }
}

TEST_F(HandlersTest, AnUpdateChecksOnlyWhatItChanges) {
  types::v1::UpdateCounterRequest request;
  request.mutable_counter()->set_number(1);
  request.mutable_counter()->set_colour("green");
  request.mutable_update_mask()->add_paths("colour");
  EXPECT_TRUE(Prepare("UpdateCounter", request).ok());
  request.mutable_update_mask()->add_paths("value");
  EXPECT_THAT(Broken("UpdateCounter", request), ElementsAre("counter.value"));
}

TEST_F(HandlersTest, AnUpsertUnderAVersionIsAnUpdateOfAll) {
  types::v1::UpsertSampleRequest request;
  request.mutable_sample()->set_id(kId);
  ShapeOf<UpsertShape>(Prepare("UpsertSample", request));
  request.mutable_sample()->set_etag("e320ffacec13fc");
  const auto update = Prepare("UpsertSample", request);
  ShapeOf<UpdateShape>(update);
  EXPECT_TRUE(WorkOf<WriteWork>(update).must_exist);
}

TEST_F(HandlersTest, IfNoneMatchMakesAnUpsertACreation) {
  types::v1::UpsertSampleRequest request;
  request.mutable_sample()->set_id(kId);
  RequestContext context;
  context.if_none_match = "*";
  const auto create = Prepare("UpsertSample", request, context);
  ShapeOf<CreateShape>(create);
  EXPECT_TRUE(WorkOf<WriteWork>(create).must_not_exist);
}

TEST_F(HandlersTest, PageSizes) {
  const auto page_size = [&](int asked) {
    types::v1::ListSamplesRequest request;
    request.set_page_size(asked);
    return WorkOf<PageWork>(Prepare("ListSamples", request)).page_size;
  };
  EXPECT_EQ(page_size(0), 50);
  EXPECT_EQ(page_size(7), 7);
  EXPECT_EQ(page_size(1000000), 1000);
  types::v1::ListSamplesRequest request;
  request.set_page_size(-1);
  EXPECT_THAT(Broken("ListSamples", request), ElementsAre("page_size"));
}

TEST_F(HandlersTest, PageTokensBelongToTheirList) {
  types::v1::ListSamplesRequest request;
  request.set_order_code("a");
  const auto first = Prepare("ListSamples", request);
  request.set_page_token(signer_.Sign(WorkOf<PageWork>(first).page_scope, EncodePosition({kId})));
  const auto second = Prepare("ListSamples", request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_THAT(ShapeOf<ListShape>(second).after, ElementsAre(true));
  request.set_order_code("b");
  EXPECT_THAT(Broken("ListSamples", request), ElementsAre("page_token"));
}

TEST_F(HandlersTest, OrdersEndWithTheKey) {
  const auto order = [&](const std::string& text) {
    types::v1::ListSamplesRequest request;
    request.set_order_by(text);
    std::string out;
    const auto list = Prepare("ListSamples", request);
    for (const OrderTerm& term : ShapeOf<ListShape>(list).order) {
      out +=
          TypesContract().FindResource(types::v1::Sample::descriptor())->column(term.column).name +
          (term.descending ? "- " : " ");
    }
    return out;
  };
  EXPECT_EQ(order(""), "id ");
  EXPECT_EQ(order(" i32 desc , text"), "i32- text id ");
  EXPECT_EQ(order("text DESC"), "text- id- ");
  EXPECT_EQ(order("id desc, text"), "id- ");
}

TEST_F(HandlersTest, OrdersThatAreNoneAreRefused) {
  for (const char* text : {"nothing", "i32 up", "i32 asc desc", "i32,", ",", "i32,i32", "labels",
                           "part", "etag", "i32; DROP TABLE x", "counts.a"}) {
    types::v1::ListSamplesRequest request;
    request.set_order_by(text);
    EXPECT_THAT(Broken("ListSamples", request), ElementsAre("order_by")) << text;
  }
}

TEST_F(HandlersTest, TokensBelongToTheirFilterAndOrder) {
  types::v1::ListSamplesRequest request;
  request.set_filter("i32 > 5");
  request.set_order_by("i32");
  const auto first = Prepare("ListSamples", request);
  ASSERT_TRUE(first.ok()) << first.status();
  request.set_page_token(
      signer_.Sign(WorkOf<PageWork>(first).page_scope, EncodePosition({"6", kId})));
  EXPECT_TRUE(Prepare("ListSamples", request).ok());
  request.set_filter("i32 > 6");
  EXPECT_THAT(Broken("ListSamples", request), ElementsAre("page_token"));
  request.set_filter("i32 > 5");
  request.set_order_by("i32 desc");
  EXPECT_THAT(Broken("ListSamples", request), ElementsAre("page_token"));
}

TEST_F(HandlersTest, TokensOutliveTheirReadMask) {
  types::v1::ListSamplesRequest request;
  request.mutable_read_mask()->add_paths("text");
  const auto first = Prepare("ListSamples", request);
  ASSERT_TRUE(first.ok()) << first.status();
  request.set_page_token(signer_.Sign(WorkOf<PageWork>(first).page_scope, EncodePosition({kId})));
  request.mutable_read_mask()->set_paths(0, "*");
  EXPECT_TRUE(Prepare("ListSamples", request).ok());
  request.clear_read_mask();
  EXPECT_TRUE(Prepare("ListSamples", request).ok());
}

TEST_F(HandlersTest, ReadMasksOfOneMeaningShareAStatement) {
  types::v1::GetOrderRequest request;
  request.set_code("o");
  const auto plain = Prepare("GetOrder", request);
  request.mutable_read_mask();
  EXPECT_EQ(StatementOf((*Prepare("GetOrder", request))->work), StatementOf((*plain)->work));
  request.mutable_read_mask()->add_paths("user");
  request.mutable_read_mask()->add_paths("sample_count");
  const auto masked = Prepare("GetOrder", request);
  EXPECT_NE(StatementOf((*masked)->work), StatementOf((*plain)->work));
  request.mutable_read_mask()->mutable_paths()->SwapElements(0, 1);
  EXPECT_EQ(StatementOf((*Prepare("GetOrder", request))->work), StatementOf((*masked)->work));
  EXPECT_EQ(RetryableOf((*masked)->work), Retryable::kYes);
  request.mutable_read_mask()->add_paths("nothing");
  request.set_code("");
  EXPECT_THAT(Broken("GetOrder", request), ElementsAre("code", "read_mask"));
}

TEST_F(HandlersTest, ComputedFieldsRestrictAndOrderNothing) {
  types::v1::ListOrdersRequest request;
  request.set_filter("sample_count > 1");
  request.set_order_by("first_text");
  request.mutable_read_mask()->add_paths("first_text.x");
  EXPECT_THAT(Broken("ListOrders", request), ElementsAre("order_by", "read_mask", "filter"));
}

TEST_F(HandlersTest, AFilterThatIsNoneIsRefused) {
  types::v1::ListSamplesRequest request;
  request.set_filter("nothing = 1");
  EXPECT_THAT(Broken("ListSamples", request), ElementsAre("filter"));
}

TEST_F(HandlersTest, AnUpdateMayCreate) {
  types::v1::UpdateSampleRequest request;
  request.mutable_sample()->set_id(kId);
  request.mutable_sample()->set_i32(5);
  request.set_allow_missing(true);
  const auto operation = Prepare("UpdateSample", request);
  EXPECT_EQ(ShapeOf<UpsertShape>(operation).changes.size(), 1U);
}

TEST_F(HandlersTest, OnlyFieldsThatAreSetRestrictAList) {
  types::v1::ListSamplesRequest request;
  EXPECT_THAT(ColumnsOf<ListShape>(Prepare("ListSamples", request)), IsEmpty());
  request.set_opt_flag(false);
  EXPECT_THAT(ColumnsOf<ListShape>(Prepare("ListSamples", request)), ElementsAre("opt_flag"));
}

}  // namespace
}  // namespace dataservice::test
