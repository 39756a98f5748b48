// What a request_id is, and what it names.
#include "serve/request/request_id.h"

#include <gmock/gmock.h>
#include <google/protobuf/dynamic_message.h>
#include <gtest/gtest.h>

#include "engine_limits.h"
#include "serve/request/prepared.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

CallerPtr CallerNamed(const std::string& subject) {
  return std::make_shared<Caller>(
      Caller{.kind = CallerKind::kToken, .subject = subject, .issuer = "https://id"});
}

constexpr char kId[] = "01a20c76-3549-792b-8739-70a1d035828a";

class RequestIdTest : public testing::Test, protected PreparedRequests {
 protected:
  RequestIdTest() {
    create_.mutable_sample()->set_text("a");
    create_.set_request_id("r");
  }

  static const std::optional<Claim>& ClaimOf(const Prepared& operation) {
    const auto* batch = std::get_if<BatchWriteWork>(&(*operation)->work);
    return batch == nullptr ? WorkOf<WriteWork>(operation).claim : batch->claim;
  }
  static const Values& ValuesOf(const Prepared& operation) {
    return WorkOf<WriteWork>(operation).values;
  }

  std::string Refusal(const std::string& method, const google::protobuf::Message& request,
                      const RequestContext& context = {}) {
    const auto operation = Prepare(method, request, context);
    EXPECT_EQ(operation.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(operation.status().message());
  }

  std::string Digest(const std::string& method, const google::protobuf::Message& request,
                     const RequestContext& context = {}) {
    const auto operation = Prepare(method, request, context);
    EXPECT_TRUE(operation.ok()) << operation.status();
    const std::optional<Claim>& claim = ClaimOf(operation);
    EXPECT_TRUE(claim.has_value());
    return claim->digest;
  }

  // The request as it is when the id comes as metadata.
  std::string IdOf(std::string_view metadata) {
    create_.clear_request_id();
    RequestContext context;
    context.idempotency_key = metadata;
    const auto operation = Prepare("CreateSample", create_, context);
    EXPECT_TRUE(operation.ok()) << operation.status();
    return operation.ok() ? ClaimOf(operation)->request_id : "";
  }

  types::v1::CreateSampleRequest create_;
};

TEST_F(RequestIdTest, OperationsCarryTheirClaim) {
  const auto operation = Prepare("CreateSample", create_);
  ASSERT_TRUE(operation.ok()) << operation.status();
  EXPECT_TRUE(IsClaimed(StatementOf((*operation)->work)->shape));
  EXPECT_EQ(RetryableOf((*operation)->work), Retryable::kYes);
  EXPECT_EQ(ValuesOf(operation).size(), StatementOf((*operation)->work)->parameters.size());
  const size_t last = ValuesOf(operation).size() - 1;
  EXPECT_EQ(ValuesOf(operation)[last - 1], "r");
  EXPECT_EQ(ValuesOf(operation)[last], "\\x" + ClaimOf(operation)->digest);
  EXPECT_EQ(ClaimOf(operation)->digest.size(), 64U);
}

TEST_F(RequestIdTest, WithoutOneNothingChanges) {
  create_.clear_request_id();
  const auto operation = Prepare("CreateSample", create_);
  EXPECT_FALSE(ClaimOf(operation).has_value());
  EXPECT_FALSE(IsClaimed(StatementOf((*operation)->work)->shape));
  EXPECT_EQ(RetryableOf((*operation)->work), Retryable::kNo);
}

TEST_F(RequestIdTest, EveryWriteTakesOne) {
  types::v1::UpdateSampleRequest update;
  update.mutable_sample()->set_id(kId);
  update.mutable_sample()->set_etag("e320ffacec13fc");
  update.mutable_sample()->mutable_part()->set_share(1);
  update.mutable_update_mask()->add_paths("part.share");
  update.mutable_update_mask()->add_paths("i32");
  update.set_request_id("r");
  types::v1::UpsertSampleRequest upsert;
  upsert.mutable_sample()->set_id(kId);
  upsert.set_request_id("r");
  types::v1::DeleteSampleRequest remove;
  remove.set_id(kId);
  remove.set_request_id("r");
  for (const bool allow_missing : {false, true}) {
    remove.set_allow_missing(allow_missing);
    for (const auto& [method, request] :
         std::initializer_list<std::pair<const char*, const google::protobuf::Message*>>{
             {"UpdateSample", &update}, {"UpsertSample", &upsert}, {"DeleteSample", &remove}}) {
      const auto operation = Prepare(method, *request);
      ASSERT_TRUE(operation.ok()) << operation.status();
      EXPECT_TRUE(ClaimOf(operation).has_value()) << method;
      EXPECT_EQ(ValuesOf(operation).size(), StatementOf((*operation)->work)->parameters.size())
          << method;
    }
  }
}

TEST_F(RequestIdTest, LengthAndCharactersHaveLimits) {
  create_.set_request_id(std::string(kMaxRequestIdBytes, '~'));
  EXPECT_TRUE(Prepare("CreateSample", create_).ok());
  for (const std::string& id : {std::string(kMaxRequestIdBytes + 1, 'a'), std::string("a\nb"),
                                std::string("a\0b", 3), std::string("é"), std::string("\x7f")}) {
    create_.set_request_id(id);
    EXPECT_THAT(Refusal("CreateSample", create_),
                HasSubstr("request_id: must be 1 to 128 printable ASCII characters"));
  }
}

TEST_F(RequestIdTest, MetadataMeansTheSame) {
  const std::string digest = Digest("CreateSample", create_);
  EXPECT_EQ(IdOf("r"), "r");
  EXPECT_EQ(IdOf("\"r\""), "r");
  EXPECT_EQ(IdOf("\""), "\"");
  EXPECT_EQ(IdOf("\"a\\\"b\""), "\"a\\\"b\"");
  EXPECT_EQ(IdOf(std::string(kMaxRequestIdBytes, '!')).size(), kMaxRequestIdBytes);
  EXPECT_EQ(Digest("CreateSample", create_, {.idempotency_key = "r"}), digest);
  create_.set_request_id("r");
  EXPECT_EQ(Digest("CreateSample", create_, {.idempotency_key = "r"}), digest);
}

TEST_F(RequestIdTest, MetadataIsChecked) {
  EXPECT_THAT(Refusal("CreateSample", create_, {.idempotency_key = "s"}),
              HasSubstr("idempotency-key: differs from request_id"));
  create_.clear_request_id();
  const std::string long_id(kMaxRequestIdBytes + 1, 'a');
  for (const std::string_view id : {std::string_view(), std::string_view("\"\""),
                                    std::string_view(long_id), std::string_view("a\tb")}) {
    EXPECT_THAT(Refusal("CreateSample", create_, {.idempotency_key = id}),
                HasSubstr("idempotency-key: must be 1 to 128"));
  }
}

TEST_F(RequestIdTest, MethodsWithoutOneRefuseMetadata) {
  types::v1::DeleteCounterRequest remove;
  remove.set_number(1);
  EXPECT_THAT(Refusal("DeleteCounter", remove, {.idempotency_key = "r"}),
              HasSubstr("idempotency-key: means nothing to this method"));
  types::v1::UpsertCounterRequest upsert;
  upsert.mutable_counter()->set_number(1);
  upsert.mutable_counter()->set_value(1);
  upsert.mutable_counter()->set_colour("red");
  EXPECT_THAT(Refusal("UpsertCounter", upsert, {.idempotency_key = "r"}),
              HasSubstr("idempotency-key: means nothing to this method"));
  types::v1::GetSampleRequest get;
  get.set_id(kId);
  EXPECT_TRUE(Prepare("GetSample", get, {.idempotency_key = "r"}).ok());
  EXPECT_TRUE(
      Prepare("ListSamples", types::v1::ListSamplesRequest(), {.idempotency_key = "r"}).ok());
}

TEST_F(RequestIdTest, TheDigestIsOfAllThatIsSaid) {
  const std::string digest = Digest("CreateSample", create_);
  // Made keys are not the caller's, and so are times.
  EXPECT_EQ(Digest("CreateSample", create_), digest);
  const auto caller = [](const std::string& name) {
    return RequestContext{.caller = CallerNamed(name)};
  };
  EXPECT_NE(Digest("CreateSample", create_, caller("x")), digest);
  EXPECT_NE(Digest("CreateSample", create_, caller("x")),
            Digest("CreateSample", create_, caller("y")));
  EXPECT_NE(Digest("CreateSample", create_, {.if_none_match = "*"}), digest);
  types::v1::UpsertSampleRequest upsert;  // the same bytes
  upsert.mutable_sample()->set_text("a");
  upsert.mutable_sample()->set_id(kId);
  upsert.set_request_id("r");
  create_.mutable_sample()->set_id(kId);
  EXPECT_NE(Digest("UpsertSample", upsert), Digest("CreateSample", create_));
  create_.mutable_sample()->set_text("b");
  EXPECT_NE(Digest("CreateSample", create_), digest);
}

TEST_F(RequestIdTest, PartsOfTheDigestDoNotRunTogether) {
  types::v1::UpsertSampleRequest upsert;
  upsert.mutable_sample()->set_id(kId);
  upsert.set_request_id("r");
  EXPECT_NE(Digest("UpsertSample", upsert, {.if_match = "*", .caller = CallerNamed("a")}),
            Digest("UpsertSample", upsert, {.if_match = "*", .caller = CallerNamed("a*")}));
}

TEST_F(RequestIdTest, MapsHaveNoOrder) {
  auto& counts = *create_.mutable_sample()->mutable_counts();
  for (int i = 0; i < 20; ++i) counts[std::to_string(i)] = i;
  const std::string digest = Digest("CreateSample", create_);
  counts.clear();
  for (int i = 19; i >= 0; --i) counts[std::to_string(i)] = i;
  EXPECT_EQ(Digest("CreateSample", create_), digest);
}

// A rule on the field is the contract's own, and holds for the metadata too.
TEST(RequestId, ObeysItsField) {
  const InlineContract contract(R"(
    message Thing {
      option (storage.v1.table) = {};
      int64 number = 1 [(google.api.field_behavior) = IDENTIFIER];
    }
    message Named { Thing thing = 1; optional string request_id = 2
        [(buf.validate.field).string.uuid = true]; }
    service S { rpc CreateThing(Named) returns (Thing); })");
  ASSERT_EQ(contract.Refusal(), "");
  const Method& method = *contract->methods()[0];
  google::protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<google::protobuf::Message> request(
      factory.GetPrototype(method.descriptor->input_type())->New());
  Violations violations;
  AdmitRequestId(method, {.idempotency_key = "r"}, *request, violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(request->GetReflection()->GetString(*request, RequestIdOf(method)), "r");
  contract->FindValidator(request->GetDescriptor())->Validate(*request, "", violations.list());
  ASSERT_EQ(violations.list()->size(), 1U);
  EXPECT_EQ(violations.list()->front().field, "request_id");
  // With presence, an empty one was given.
  request->GetReflection()->SetString(request.get(), RequestIdOf(method), "");
  Violations empty;
  AdmitRequestId(method, {}, *request, empty);
  EXPECT_FALSE(empty.empty());
}

}  // namespace
}  // namespace dataservice::test
