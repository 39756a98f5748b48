// Batch requests -> one operation with parts, without a database.
#include <gmock/gmock.h>
#include <google/protobuf/dynamic_message.h>
#include <gtest/gtest.h>

#include "engine_limits.h"
#include "google/rpc/error_details.pb.h"
#include "serve/errors/details.h"
#include "serve/request/prepared.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kId[] = "01a20c76-3549-792b-8739-70a1d035828a";
constexpr char kOtherId[] = "01a20c76-3549-792b-8739-70a1d035828b";

class BatchHandlerTest : public testing::Test, protected PreparedRequests {
 protected:
  // "field" of each violation.
  std::vector<std::string> Broken(const std::string& method,
                                  const google::protobuf::Message& request,
                                  const RequestContext& context = {}) {
    const auto operation = Prepare(method, request, context);
    EXPECT_EQ(operation.status().code(), absl::StatusCode::kInvalidArgument);
    google::rpc::BadRequest bad;
    EXPECT_TRUE(FindDetail(operation.status(), bad));
    std::vector<std::string> fields;
    for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
    return fields;
  }

  static std::vector<std::string> KeysOf(const Prepared& operation) {
    std::vector<std::string> keys;
    if (const auto* batch = std::get_if<BatchReadWork>(&(*operation)->work)) {
      for (const ReadWork& read : batch->reads) keys.push_back(read.key);
    } else {
      for (const WriteWork& write : WorkOf<BatchWriteWork>(operation).writes) {
        keys.push_back(write.key);
      }
    }
    return keys;
  }
};

TEST_F(BatchHandlerTest, KeysBecomePartsInTheirOrderAlsoTwice) {
  types::v1::BatchGetCountersRequest request;
  for (const int number : {3, -1, 3}) request.add_numbers(number);
  const auto operation = Prepare("BatchGetCounters", request);
  ASSERT_TRUE(operation.ok()) << operation.status();
  EXPECT_THAT(KeysOf(operation), ElementsAre("3", "-1", "3"));
  ShapeOf<GetShape>(operation);
  EXPECT_EQ((*operation)->lane, Lane::kRead);
  EXPECT_EQ(RetryableOf((*operation)->work), Retryable::kYes);
  const auto& work = WorkOf<BatchReadWork>(operation);
  EXPECT_EQ(work.rows_field, 1);
  EXPECT_EQ(ElementPath(work.elements_field, 2), "numbers[2]");
}

TEST_F(BatchHandlerTest, KeysAreNormalizedAndChecked) {
  types::v1::BatchGetSamplesRequest request;
  request.add_ids("01A20C76-3549-792B-8739-70A1D035828A");
  EXPECT_THAT(KeysOf(Prepare("BatchGetSamples", request)), ElementsAre(kId));
  request.add_ids("x");
  request.add_ids("");
  EXPECT_THAT(Broken("BatchGetSamples", request), ElementsAre("ids[1]", "ids[2]"));
  types::v1::BatchGetOrdersRequest orders;
  orders.add_codes("a");
  orders.add_codes(std::string("a\0b", 3));
  orders.add_codes(std::string(41, 'a'));
  EXPECT_THAT(Broken("BatchGetOrders", orders), ElementsAre("codes[1]", "codes[2]"));
}

TEST_F(BatchHandlerTest, NoElementsAskNothing) {
  const auto operation = Prepare("BatchGetOrders", types::v1::BatchGetOrdersRequest());
  ASSERT_TRUE(operation.ok()) << operation.status();
  EXPECT_EQ((*operation)->group(), nullptr);
  EXPECT_EQ((*Prepare("BatchCreateOrders", types::v1::BatchCreateOrdersRequest()))->group(),
            nullptr);
}

TEST_F(BatchHandlerTest, AsManyElementsAsTheLimit) {
  types::v1::BatchGetCountersRequest reads;
  types::v1::BatchCreateSamplesRequest writes;
  for (int i = 0; i < kMaxBatchSize; ++i) {
    reads.add_numbers(i + 1);
    writes.add_requests()->mutable_sample();
  }
  EXPECT_EQ(KeysOf(Prepare("BatchGetCounters", reads)).size(), 1000U);
  EXPECT_EQ(KeysOf(Prepare("BatchCreateSamples", writes)).size(), 1000U);
  reads.add_numbers(1);
  writes.add_requests()->mutable_sample();
  EXPECT_THAT(Broken("BatchGetCounters", reads), ElementsAre("numbers"));
  EXPECT_THAT(Broken("BatchCreateSamples", writes), ElementsAre("requests"));
}

TEST_F(BatchHandlerTest, WritesLockAndEachHasItsOwnStatement) {
  types::v1::BatchUpdateSamplesRequest request;
  auto& first = *request.add_requests();
  first.mutable_sample()->set_id(kId);
  first.mutable_sample()->set_i32(1);  // no mask: what is set
  auto& second = *request.add_requests();
  second.mutable_sample()->set_id(kOtherId);
  second.mutable_sample()->set_etag("e320ffacec13fc");
  second.mutable_update_mask()->add_paths("part.name");
  const auto operation = Prepare("BatchUpdateSamples", request);
  ASSERT_TRUE(operation.ok()) << operation.status();
  ShapeOf<LockShape>(operation);
  EXPECT_EQ((*operation)->lane, Lane::kAlone);
  EXPECT_EQ(RetryableOf((*operation)->work), Retryable::kNo);
  const auto& writes = WorkOf<BatchWriteWork>(operation).writes;
  EXPECT_EQ(std::get<UpdateShape>(writes[0].statement->shape).columns.size(), 1U);
  EXPECT_EQ(std::get<UpdateShape>(writes[1].statement->shape).merges.size(), 1U);
  EXPECT_NE(writes[1].values[1], std::nullopt);
  EXPECT_GT((*operation)->bytes(), writes[0].values.bytes());
}

TEST_F(BatchHandlerTest, ViolationsOfAllElementsAreToldAtOnce) {
  types::v1::BatchCreateCountersRequest request;
  const auto add = [&](int number, double value, const char* colour) {
    auto& counter = *request.add_requests()->mutable_counter();
    counter.set_number(number);
    counter.set_value(value);
    counter.set_colour(colour);
  };
  add(1, 1, "red");
  add(2, 2, "red");
  request.add_requests();
  add(0, 1, "blue");
  EXPECT_THAT(Broken("BatchCreateCounters", request),
              ElementsAre("requests[1].counter.value", "requests[2].counter",
                          "requests[3].counter.number", "requests[3].counter.colour"));
}

TEST_F(BatchHandlerTest, ManyViolationsAreCut) {
  types::v1::BatchCreateCountersRequest request;
  for (int i = 0; i < kMaxBatchSize; ++i) request.add_requests()->mutable_counter()->set_value(2);
  const auto fields = Broken("BatchCreateCounters", request);
  EXPECT_GT(fields.size(), 10U);
  EXPECT_LT(fields.size(), 200U);
}

TEST_F(BatchHandlerTest, AKeyIsWrittenOnce) {
  types::v1::BatchUpdateSamplesRequest update;
  for (const char* id : {kId, kOtherId, "01A20C76-3549-792B-8739-70A1D035828A"}) {
    update.add_requests()->mutable_sample()->set_id(id);
  }
  EXPECT_THAT(Broken("BatchUpdateSamples", update), ElementsAre("requests[2].sample.id"));
  types::v1::BatchDeleteSamplesRequest request;
  for (const char* id : {kId, kId}) request.add_requests()->set_id(id);
  EXPECT_THAT(Broken("BatchDeleteSamples", request), ElementsAre("requests[1].id"));
  types::v1::BatchDeleteCountersRequest keys;
  for (const int number : {7, 8, 7, 7}) keys.add_numbers(number);
  EXPECT_THAT(Broken("BatchDeleteCounters", keys), ElementsAre("numbers[2]", "numbers[3]"));
}

TEST_F(BatchHandlerTest, CreationsWithoutAKeyGetOneEach) {
  types::v1::BatchCreateSamplesRequest request;
  for (int i = 0; i < 3; ++i) request.add_requests()->mutable_sample();
  const auto operation = Prepare("BatchCreateSamples", request);
  ASSERT_TRUE(operation.ok()) << operation.status();
  const auto keys = KeysOf(operation);
  EXPECT_NE(keys[0], keys[1]);
  EXPECT_NE(keys[1], keys[2]);
}

TEST_F(BatchHandlerTest, ConditionsInMetadataAreRefused) {
  types::v1::BatchGetCountersRequest request;
  EXPECT_THAT(Broken("BatchGetCounters", request, {.if_match = "*"}), ElementsAre("if-match"));
  EXPECT_THAT(
      Broken("BatchCreateOrders", types::v1::BatchCreateOrdersRequest(), {.if_none_match = "*"}),
      ElementsAre("if-none-match"));
}

TEST_F(BatchHandlerTest, WhatElementsMayMissIsTheirs) {
  types::v1::BatchUpdateSamplesRequest request;
  auto& upsert = *request.add_requests();
  upsert.mutable_sample()->set_id(kId);
  upsert.set_allow_missing(true);
  request.add_requests()->mutable_sample()->set_id(kOtherId);
  const auto operation = Prepare("BatchUpdateSamples", request);
  ASSERT_TRUE(operation.ok()) << operation.status();
  const auto& writes = WorkOf<BatchWriteWork>(operation).writes;
  EXPECT_TRUE(std::holds_alternative<UpsertShape>(writes[0].statement->shape));
  EXPECT_TRUE(std::holds_alternative<UpdateShape>(writes[1].statement->shape));
}

TEST(BatchRules, OfTheRequestsOwnFieldsAreEnforced) {
  // Those of elements are their method's: here they would refuse the empty key.
  InlineContract contract(R"(
    message Thing {
      option (storage.v1.table) = {};
      string id = 1 [(google.api.field_behavior) = IDENTIFIER];
    }
    message Key { string id = 1 [(google.api.field_behavior) = REQUIRED]; }
    message Keys {
      repeated Key requests = 1 [(google.api.field_behavior) = REQUIRED,
                                 (buf.validate.field).repeated.max_items = 2];
    }
    service S {
      rpc DeleteThing(Key) returns (google.protobuf.Empty);
      rpc BatchDeleteThings(Keys) returns (google.protobuf.Empty);
    })");
  ASSERT_EQ(contract.Refusal(), "");
  const auto& method = *contract->methods()[1];
  const Validator& rules = *contract->FindValidator(method.descriptor->input_type());
  google::protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<google::protobuf::Message> request(
      factory.GetPrototype(method.descriptor->input_type())->New());
  const auto broken = [&] {
    std::vector<Violation> violations;
    rules.Validate(*request, "", &violations);
    std::vector<std::string> fields;
    for (const auto& violation : violations) fields.push_back(violation.field);
    return fields;
  };
  EXPECT_THAT(broken(), ElementsAre("requests"));
  for (int i = 0; i < 2; ++i) {
    request->GetReflection()->AddMessage(
        request.get(), std::get<BatchWriteMethod>(method.fields).requests, &factory);
  }
  EXPECT_THAT(broken(), IsEmpty());
  request->GetReflection()->AddMessage(
      request.get(), std::get<BatchWriteMethod>(method.fields).requests, &factory);
  EXPECT_THAT(broken(), ElementsAre("requests"));
}

}  // namespace
}  // namespace dataservice::test
