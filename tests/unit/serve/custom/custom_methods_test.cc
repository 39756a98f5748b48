#include "serve/custom/custom_methods.h"

#include <gmock/gmock.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "serve/execution/executor.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;
using types::v1::MergeOrdersRequest;
using types::v1::MergeOrdersResponse;

constexpr char kMerge[] = "types.v1.OrderService.MergeOrders";

struct NoSink : Sink {
  void Execute(Batch) override {}
};

absl::StatusOr<MergeOrdersResponse> Merge(const MergeOrdersRequest&, CustomContext&) {
  return MergeOrdersResponse();
}
absl::StatusOr<MergeOrdersResponse> OfAnother(const types::v1::Order&, CustomContext&) {
  return MergeOrdersResponse();
}

class CustomMethodsTest : public testing::Test {
 protected:
  std::string Refusal(const Contract& contract = TypesContract()) {
    const HandlerContext context{contract, executor_, signer_};
    return std::string(AddCustomHandlers(context, methods_, handlers_).message());
  }

  CustomMethods methods_;
  PageTokenSigner signer_{"key"};
  Executor executor_{{.workers = 1}, [] { return std::make_unique<NoSink>(); }};
  Handlers handlers_;
};

TEST_F(CustomMethodsTest, AMethodWithoutAFunctionIsRefused) {
  const std::string refusal = Refusal();
  EXPECT_THAT(refusal, HasSubstr("types/v1/types.proto: types.v1.OrderService.MergeOrders: is no "
                                 "standard method"));
  EXPECT_THAT(refusal, HasSubstr("methods.Add(\"types.v1.OrderService.MergeOrders\", FUNCTION)"));
  EXPECT_THAT(refusal, HasSubstr("data_service(... HANDLERS)"));
}

TEST_F(CustomMethodsTest, AMisspeltStandardMethodIsOne) {
  const InlineContract contract(R"(
    message Thing { option (storage.v1.table) = {};
                    int64 id = 1 [(google.api.field_behavior) = IDENTIFIER]; }
    message Key { int64 id = 1; }
    service S { rpc GetThingg(Key) returns (Thing); rpc Fetch(Key) returns (Thing); })");
  const std::string refusal = Refusal(*contract);
  EXPECT_THAT(refusal, HasSubstr("test/v1/test.proto: test.v1.S.GetThingg: is no standard method"));
  EXPECT_THAT(refusal, HasSubstr("test.v1.S.Fetch: is no standard method"));
}

TEST_F(CustomMethodsTest, AFunctionIsOfACustomMethodAndOfItsMessages) {
  methods_.Add(kMerge, OfAnother);
  methods_.Add("types.v1.OrderService.GetOrder", Merge);
  methods_.Add("types.v1.OrderService.Nothing", Merge);
  const std::string refusal = Refusal();
  EXPECT_THAT(refusal, HasSubstr("MergeOrders: its function takes or answers another message"));
  EXPECT_THAT(refusal, HasSubstr("GetOrder: a function is registered for it, but it is no custom"));
  EXPECT_THAT(refusal, HasSubstr("Nothing: a function is registered for it"));
}

TEST_F(CustomMethodsTest, ARequestObeysItsRules) {
  methods_.Add(kMerge, Merge);
  ASSERT_EQ(Refusal(), "");
  ASSERT_EQ(handlers_.unary.size(), 1U);
  const auto prepare = [&](const std::string& bytes) {
    google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
    return handlers_.unary[0]->Prepare(stream, {});
  };
  EXPECT_EQ(prepare("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(prepare("\xff").status().code(), absl::StatusCode::kInvalidArgument);
  MergeOrdersRequest request;
  request.set_code("a");
  request.set_into_code("b");
  EXPECT_TRUE(prepare(request.SerializeAsString()).ok());
}

}  // namespace
}  // namespace dataservice::test
