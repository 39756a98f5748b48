#include "contract/describe.h"

#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "engine_limits.h"
#include "golden.h"

namespace dataservice::test {
namespace {

constexpr char kThing[] = R"(
  message Thing {
    option (storage.v1.table) = {};
    string id = 1 [(google.api.field_behavior) = IDENTIFIER, (buf.validate.field).string.uuid = true];
    google.protobuf.Timestamp update_time = 2 [(google.api.field_behavior) = OUTPUT_ONLY];
    string etag = 3;
    Part part = 4;
  }
  message Part { map<string, google.protobuf.StringValue> names = 1; }
)";

// Returns the description of the only method of a service.
v1::MethodDescription MethodOf(const std::string& method_and_messages) {
  const InlineContract contract(kThing + method_and_messages);
  EXPECT_EQ(contract.Refusal(), "");
  const v1::ContractDescription description = Describe(*contract);
  EXPECT_EQ(description.methods_size(), 1);
  return description.methods(0);
}

TEST(Describe, EveryKindOfMethod) {
  ExpectGolden("description.json", DescriptionJson(Describe(TypesContract())));
}

TEST(Describe, CustomMethodWithTheNameOfAList) {
  const auto method = MethodOf(R"(
    service Things { rpc ListEvents(ListEventsRequest) returns (ListEventsResponse); }
    message ListEventsRequest { int32 page_size = 1; string page_token = 2; }
    message ListEventsResponse { repeated string events = 1; string next_page_token = 2; })");
  EXPECT_EQ(method.name(), "test.v1.Things.ListEvents");
  EXPECT_EQ(method.kind(), v1::METHOD_KIND_CUSTOM);
  EXPECT_EQ(method.resource(), "");
  EXPECT_EQ(method.rows(), "");
}

TEST(Describe, CustomMethodWithTheNameOfACreation) {
  const auto method = MethodOf(R"(
    service Things { rpc CreateReport(CreateReportRequest) returns (Report); }
    message CreateReportRequest { string request_id = 1; string etag = 2; }
    message Report { string etag = 1; })");
  EXPECT_EQ(method.kind(), v1::METHOD_KIND_CUSTOM);
  EXPECT_FALSE(method.creates());
  EXPECT_EQ(method.request_id(), "request_id");
  EXPECT_EQ(method.etag(), "etag");
  EXPECT_EQ(method.version(), "etag");
}

TEST(Describe, CustomMethodThatReturnsResources) {
  const auto method = MethodOf(R"(
    service Things { rpc SearchThings(SearchThingsRequest) returns (SearchThingsResponse); }
    message SearchThingsRequest { string text = 1; google.protobuf.FieldMask read_mask = 2; }
    message SearchThingsResponse { int32 count = 1; repeated Thing things = 2; })");
  EXPECT_EQ(method.read_mask(), "read_mask");
  EXPECT_EQ(method.rows(), "things");
  EXPECT_EQ(method.version(), "");
}

TEST(Describe, FieldsOfTheWrongTypeHaveNoRole) {
  const auto method = MethodOf(R"(
    service Things { rpc SearchThings(SearchThingsRequest) returns (SearchThingsResponse); }
    message SearchThingsRequest { string read_mask = 1; repeated string request_id = 2; }
    message SearchThingsResponse { int32 etag = 1; })");
  EXPECT_EQ(method.read_mask(), "");
  EXPECT_EQ(method.request_id(), "");
  EXPECT_EQ(method.version(), "");
}

// An update that may create answers with the header resource-created, as an upsert does.
TEST(Describe, UpdateThatMayCreate) {
  const std::string service =
      "service Things { rpc UpdateThing(UpdateThingRequest) returns (Thing); }"
      "message UpdateThingRequest { Thing thing = 1; google.protobuf.FieldMask update_mask = 2; ";
  EXPECT_FALSE(MethodOf(service + "}").creates());
  EXPECT_TRUE(MethodOf(service + "bool allow_missing = 3; }").creates());
}

TEST(Describe, OneValuesAtAnyDepth) {
  const InlineContract contract(kThing);
  const v1::ContractDescription description = Describe(*contract);
  const auto& names = description.one_values();
  EXPECT_EQ(std::vector<std::string>(names.begin(), names.end()),
            (std::vector<std::string>{"google.protobuf.StringValue", "google.protobuf.Timestamp"}));
}

TEST(Describe, Limits) {
  const InlineContract contract(kThing);
  const v1::Limits limits = Describe(*contract).limits();
  EXPECT_EQ(limits.request_id_bytes(), kMaxRequestIdBytes);
  EXPECT_EQ(limits.mask_paths(), kMaxMaskPaths);
  EXPECT_EQ(limits.mask_depth(), kMaxMaskDepth);
  EXPECT_EQ(limits.import_failures(), kMaxImportFailures);
  EXPECT_EQ(limits.default_page_size(), kDefaultPageSize);
  EXPECT_EQ(limits.max_page_size(), kMaxPageSize);
  EXPECT_EQ(limits.batch_size(), kMaxBatchSize);
  EXPECT_EQ(limits.filter_bytes(), kMaxFilterBytes);
}

}  // namespace
}  // namespace dataservice::test
