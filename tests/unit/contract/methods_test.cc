#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

// A resource Thing, its usual messages, and the given rest.
std::string Refusal(const std::string& rest) {
  return InlineContract(R"(
    message Thing {
      option (storage.v1.table) = {};
      string id = 1 [(google.api.field_behavior) = IDENTIFIER,
                     (buf.validate.field).string.uuid = true];
      int32 size = 2;
      repeated string tags = 3;
    }
    message Key { string id = 1; }
    message Body { Thing thing = 1; }
    message Masked { Thing thing = 1; google.protobuf.FieldMask update_mask = 2; }
    message Page { int32 page_size = 1; string page_token = 2; int32 size = 3; }
    message Things { repeated Thing things = 1; optional string next_page_token = 2; }
    )" + rest)
      .Refusal();
}

std::string Service(const std::string& rpc) { return Refusal("service S { rpc " + rpc + "; }"); }

TEST(Methods, StandardOnesFit) {
  EXPECT_EQ(Refusal(R"(service S {
    rpc GetThing(Key) returns (Thing);
    rpc ListThings(Page) returns (Things);
    rpc CreateThing(Body) returns (Thing);
    rpc UpdateThing(Masked) returns (Thing);
    rpc UpsertThing(Body) returns (Thing);
    rpc DeleteThing(Key) returns (google.protobuf.Empty);
  })"),
            "");
}

TEST(Methods, OthersAreCustomAndUnary) {
  // The server refuses those that nothing serves (custom_methods_test.cc).
  EXPECT_EQ(Service("Fetch(Key) returns (Thing)"), "");
  EXPECT_EQ(Service("GetOther(Key) returns (Thing)"), "");
  EXPECT_EQ(Service("ListThing(Page) returns (Things)"), "");
  EXPECT_THAT(Service("Fetch(stream Key) returns (Thing)"),
              HasSubstr("test.v1.S.Fetch: is a stream; only Import and Export"));
  EXPECT_THAT(Service("Fetch(Key) returns (stream Thing)"), HasSubstr("is a stream"));
}

// An import of Bodies whose response is given, beside the Create method.
std::string Import(const std::string& response, const std::string& rpc = "",
                   const std::string& create = "rpc CreateThing(Body) returns (Thing);") {
  return Refusal(
      "message Failure { int64 position = 1; google.rpc.Status status = 2; }"
      "message Imported { " +
      response + " } service S { " + create + " rpc " +
      (rpc.empty() ? "ImportThings(stream Body) returns (Imported)" : rpc) + "; }");
}

constexpr char kImported[] =
    "int64 imported_count = 1; int64 failed_count = 2; repeated Failure failures = 3;";

TEST(Methods, ImportsFit) { EXPECT_EQ(Import(kImported), ""); }

TEST(Methods, ImportsSayWhatIsMissing) {
  EXPECT_THAT(Import(kImported, "ImportThings(Body) returns (Imported)"),
              HasSubstr("test.v1.S.ImportThings: must take a stream and return one response"));
  EXPECT_THAT(Import(kImported, "ImportThings(stream Body) returns (stream Imported)"),
              HasSubstr("must take a stream and return one response"));
  EXPECT_THAT(Import(kImported, "", ""),
              HasSubstr("no such method that takes test.v1.Body; add `rpc CreateThing(Body)"));
  EXPECT_THAT(Import(kImported, "ImportThings(stream Key) returns (Imported)"),
              HasSubstr("no such method that takes test.v1.Key"));
  EXPECT_THAT(Import(""), HasSubstr("the response lacks the field `int64 imported_count`"));
  EXPECT_THAT(Import(""), HasSubstr("the response lacks the field `int64 failed_count`"));
  EXPECT_THAT(Import(""), HasSubstr("the response lacks the field `repeated MESSAGE failures`"));
  EXPECT_THAT(Import("int32 imported_count = 1;"), HasSubstr("lacks the field `int64 imported"));
  EXPECT_THAT(Import("repeated int64 failed_count = 1;"), HasSubstr("lacks the field `int64 fail"));
  EXPECT_THAT(Import("repeated string failures = 1;"), HasSubstr("`repeated MESSAGE failures`"));
  EXPECT_THAT(Import("map<string, Failure> failures = 1;"), HasSubstr("MESSAGE failures`"));
  EXPECT_THAT(Import("Failure failures = 1;"), HasSubstr("MESSAGE failures`"));
  EXPECT_THAT(Import("repeated Key failures = 1;"),
              HasSubstr("a failure lacks the field `google.rpc.Status status`"));
  EXPECT_THAT(Import("repeated Key failures = 1;"),
              HasSubstr("a failure's field id is not set by an import"));
  EXPECT_THAT(Import(std::string(kImported) + "int32 total = 4;"),
              HasSubstr("the response's field total is not set by an import"));
}

TEST(Methods, ExportsSayWhatIsMissing) {
  const std::string all = "message All { string filter = 1; } message Odd { int32 filter = 1; }";
  const auto service = [&](const std::string& rpc) {
    return Refusal(all + "service S { rpc ExportThings" + rpc + "; }");
  };
  EXPECT_EQ(service("(All) returns (stream Thing)"), "");
  EXPECT_EQ(service("(google.protobuf.Empty) returns (stream Thing)"), "");
  EXPECT_THAT(service("(All) returns (Thing)"), HasSubstr("must return a stream"));
  EXPECT_THAT(service("(stream All) returns (stream Thing)"), HasSubstr("must return a stream"));
  EXPECT_THAT(service("(All) returns (stream Things)"), HasSubstr("must return test.v1.Thing"));
  EXPECT_THAT(service("(Odd) returns (stream Thing)"),
              HasSubstr("field filter must be `string filter`"));
  EXPECT_THAT(service("(Page) returns (stream Thing)"),
              HasSubstr("the request's field page_size is not used by this method"));
}

TEST(Methods, ShapesThatDoNotFitSayWhatIsMissing) {
  EXPECT_THAT(Service("GetThing(Body) returns (Thing)"),
              HasSubstr("test.v1.S.GetThing: the request lacks the field `string id`"));
  EXPECT_THAT(Service("GetThing(Key) returns (Things)"), HasSubstr("must return test.v1.Thing"));
  EXPECT_THAT(Service("GetThing(stream Key) returns (Thing)"), HasSubstr("is a stream"));
  EXPECT_THAT(Service("CreateThing(Key) returns (Thing)"),
              HasSubstr("the request lacks a field of type test.v1.Thing"));
  EXPECT_THAT(Service("UpdateThing(Body) returns (Thing)"),
              HasSubstr("lacks the field `google.protobuf.FieldMask update_mask`"));
  EXPECT_THAT(Service("DeleteThing(Key) returns (Thing)"),
              HasSubstr("must return google.protobuf.Empty"));
  EXPECT_THAT(Service("ListThings(Key) returns (Things)"),
              HasSubstr("the request lacks the field `int32 page_size`"));
  EXPECT_THAT(Service("ListThings(Page) returns (Thing)"),
              HasSubstr("the response lacks the field `optional string next_page_token`"));
}

TEST(Methods, FieldsThatNobodyReadsAreRefused) {
  EXPECT_THAT(Refusal("message Odd { string id = 1; string colour = 2; }"
                      "service S { rpc GetThing(Odd) returns (Thing); }"),
              HasSubstr("the request's field colour is not used by this method"));
  EXPECT_THAT(Refusal("message Odd { string id = 1; string etag = 2; }"
                      "service S { rpc DeleteThing(Odd) returns (google.protobuf.Empty); }"),
              HasSubstr("the request has an etag, but the resource has none"));
}

TEST(Methods, WritesMayTakeARequestId) {
  const std::string messages =
      "message Named { Thing thing = 1; string request_id = 2; }"
      "message NamedKey { string id = 1; string request_id = 2; }"
      "message Odd { Thing thing = 1; bytes request_id = 2; }";
  EXPECT_EQ(Refusal(messages + "service S { rpc CreateThing(Named) returns (Thing); "
                               "rpc DeleteThing(NamedKey) returns (google.protobuf.Empty); }"),
            "");
  EXPECT_THAT(Refusal(messages + "service S { rpc CreateThing(Odd) returns (Thing); }"),
              HasSubstr("the request's field request_id must be `string request_id`"));
  EXPECT_THAT(Refusal(messages + "service S { rpc GetThing(NamedKey) returns (Thing); }"),
              HasSubstr("the request's field request_id is not used by this method"));
}

TEST(Methods, ATableOfClaimsIsTheEnginesOwn) {
  const std::string claim =
      "message RequestClaim { option (storage.v1.table) = {};"
      " int64 number = 1 [(google.api.field_behavior) = IDENTIFIER]; }"
      "message Named { Thing thing = 1; string request_id = 2; }";
  EXPECT_THAT(Refusal(claim + "service S { rpc CreateThing(Named) returns (Thing); }"),
              HasSubstr("test.v1.RequestClaim: its table request_claim is where the engine"));
  // Without a method that has claims there is no such table.
  EXPECT_EQ(Refusal(claim), "");
}

TEST(Methods, EqualitiesAreOfTheirColumnsType) {
  const auto list = [](const std::string& field) {
    return Refusal("message Odd { int32 page_size = 1; string page_token = 2; " + field +
                   " } service S { rpc ListThings(Odd) returns (Things); }");
  };
  EXPECT_THAT(list("string size = 3;"), HasSubstr("has another type than test.v1.Thing.size"));
  EXPECT_THAT(list("repeated string tags = 3;"), HasSubstr("cannot be compared for equality"));
}

// The messages and methods of batches, and the given rest.
std::string BatchRefusal(const std::string& rest, const std::string& standard = R"(
    service S {
      rpc GetThing(Key) returns (Thing);
      rpc CreateThing(Body) returns (Thing);
      rpc UpdateThing(Masked) returns (Thing);
      rpc DeleteThing(Key) returns (google.protobuf.Empty);
    })") {
  return Refusal(R"(
    message Keys { repeated string ids = 1; }
    message Bodies { repeated Body requests = 1; }
    message Masks { repeated Masked requests = 1; }
    message Deletions { repeated Key requests = 1; }
    message Rows { repeated Thing things = 1; }
    )" + standard +
                 rest);
}

std::string BatchService(const std::string& rpc) {
  return BatchRefusal("service B { rpc " + rpc + "; }");
}

TEST(BatchMethods, StandardOnesFitInAnyOrderAndService) {
  const std::string batches = R"(service B {
    rpc BatchGetThings(Keys) returns (Rows);
    rpc BatchCreateThings(Bodies) returns (Rows);
    rpc BatchUpdateThings(Masks) returns (Rows);
    rpc BatchDeleteThings(Keys) returns (google.protobuf.Empty);
  })";
  EXPECT_EQ(BatchRefusal(batches), "");
  EXPECT_EQ(BatchService("BatchDeleteThings(Deletions) returns (google.protobuf.Empty)"), "");
  EXPECT_EQ(BatchRefusal("service Z { rpc GetThing(Key) returns (Thing); }",
                         "service A { rpc BatchGetThings(Keys) returns (Rows); }"),
            "");
}

TEST(BatchMethods, TheirElementsHaveAMethod) {
  InlineContract contract(R"(
    message Thing {
      option (storage.v1.table) = {};
      string id = 1 [(google.api.field_behavior) = IDENTIFIER];
    }
    message Key { string id = 1; }
    message Keys { repeated string ids = 1; }
    message Rows { repeated Thing things = 1; }
    service S {
      rpc BatchGetThings(Keys) returns (Rows);
      rpc GetThing(Key) returns (Thing);
    })");
  ASSERT_EQ(contract.Refusal(), "");
  const auto& batch = std::get<BatchGetMethod>(contract->methods()[0]->fields);
  EXPECT_EQ(batch.element, contract->methods()[1].get());
  EXPECT_EQ(batch.keys->name(), "ids");
  EXPECT_EQ(batch.rows->name(), "things");

  EXPECT_THAT(BatchRefusal("service B { rpc BatchGetThings(Keys) returns (Rows); }", ""),
              HasSubstr("test/v1/test.proto: test.v1.B.BatchGetThings: does many times what "
                        "GetThing does, which the contract lacks; add that method"));
  EXPECT_THAT(BatchRefusal("service B { rpc BatchDeleteThings(Keys) returns "
                           "(google.protobuf.Empty); }",
                           ""),
              HasSubstr("what DeleteThing does"));
  EXPECT_THAT(BatchService("BatchCreateThings(Masks) returns (Rows)"),
              HasSubstr("test.v1.B.BatchCreateThings: the request's field requests must be "
                        "`repeated Body`, the request of test.v1.S.CreateThing"));
  EXPECT_THAT(BatchService("BatchUpdateThings(Bodies) returns (Rows)"),
              HasSubstr("must be `repeated Masked`"));
  EXPECT_THAT(BatchService("BatchDeleteThings(Bodies) returns (google.protobuf.Empty)"),
              HasSubstr("must be `repeated Key`"));
}

TEST(BatchMethods, ShapesThatDoNotFitSayWhatIsMissing) {
  EXPECT_THAT(BatchService("BatchGetThings(Key) returns (Rows)"),
              HasSubstr("the request lacks the field `repeated string ids`"));
  EXPECT_THAT(BatchService("BatchGetThings(Deletions) returns (Rows)"),
              HasSubstr("the request lacks the field `repeated string ids`"));
  EXPECT_THAT(BatchService("BatchCreateThings(Keys) returns (Rows)"),
              HasSubstr("the request lacks the field `repeated CreateThingRequest requests`"));
  EXPECT_THAT(BatchService("BatchUpdateThings(Masked) returns (Rows)"),
              HasSubstr("the request lacks the field `repeated UpdateThingRequest requests`"));
  EXPECT_THAT(BatchService("BatchDeleteThings(Key) returns (google.protobuf.Empty)"),
              HasSubstr("the request lacks the field `repeated string ids` or "
                        "`repeated DeleteThingRequest requests`"));
  EXPECT_EQ(BatchRefusal("message Wrong { repeated int64 ids = 1; }"
                         "service B { rpc BatchGetThings(Wrong) returns (Rows); }"),
            "test/v1/test.proto: test.v1.B.BatchGetThings: the request's field ids must be "
            "`repeated string ids`");
  EXPECT_THAT(BatchRefusal("message Both { repeated string ids = 1; repeated Key requests = 2; }"
                           "service B { rpc BatchDeleteThings(Both) returns "
                           "(google.protobuf.Empty); }"),
              HasSubstr("the request has both ids and requests; remove one"));
  EXPECT_THAT(BatchService("BatchDeleteThings(Keys) returns (Rows)"),
              HasSubstr("must return google.protobuf.Empty"));
  EXPECT_THAT(BatchService("BatchGetThings(Keys) returns (Thing)"),
              HasSubstr("the response lacks a field `repeated Thing`"));
  EXPECT_THAT(BatchService("BatchGetThings(Keys) returns (Things)"),
              HasSubstr("the response's field next_page_token is not set by a batch method"));
  EXPECT_THAT(BatchService("BatchGetThings(stream Keys) returns (Rows)"), HasSubstr("is a stream"));
  EXPECT_THAT(BatchRefusal("message Odd { repeated string ids = 1; string parent = 2; }"
                           "service B { rpc BatchGetThings(Odd) returns (Rows); }"),
              HasSubstr("the request's field parent is not used by this method"));
}

// What follows from another problem is not reported: its remedy would be wrong.
TEST(Methods, AreNotBlamedForWhatIsWrongElsewhere) {
  EXPECT_EQ(Refusal("message Number { int64 id = 1; }"
                    "service S { rpc GetThing(Number) returns (Thing); }"),
            "test/v1/test.proto: test.v1.S.GetThing: the request's field id must be `string id`");
  EXPECT_EQ(Refusal("message Answer { repeated Thing things = 1; int32 next_page_token = 2;"
                    "string total_size = 3; }"
                    "service S { rpc ListThings(Page) returns (Answer); }"),
            "test/v1/test.proto: test.v1.S.ListThings: the response's field next_page_token must "
            "be an `optional string`\n"
            "test/v1/test.proto: test.v1.S.ListThings: the response's field total_size must be an "
            "`int32` or `int64`");
  const std::string no_key = "lacks the field `string id`";
  EXPECT_EQ(Refusal("message None {} message Keys { repeated string ids = 1; }"
                    "message Rows { repeated Thing things = 1; }"
                    "service S { rpc GetThing(None) returns (Thing);"
                    "rpc BatchGetThings(Keys) returns (Rows); }"),
            "test/v1/test.proto: test.v1.S.GetThing: the request " + no_key);
  EXPECT_EQ(Import(kImported, "", "rpc CreateThing(Body) returns (Key);"),
            "test/v1/test.proto: test.v1.S.CreateThing: must return test.v1.Thing, and returns "
            "test.v1.Key");
  const std::string etag = InlineContract(R"(
    message Thing {
      option (storage.v1.table) = {};
      string id = 1 [(google.api.field_behavior) = IDENTIFIER];
      bytes etag = 2;
    }
    message Key { string id = 1; string etag = 2; }
    service S { rpc DeleteThing(Key) returns (google.protobuf.Empty); })")
                               .Refusal();
  EXPECT_EQ(etag,
            "test/v1/test.proto: test.v1.Thing.etag: an etag is a `string` (AIP-154); make it one, "
            "or rename the field");
}

TEST(Methods, AllProblemsAreToldAtOnce) {
  const std::string refusal = Refusal(
      "service S { rpc GetThing(Body) returns (Thing); rpc ListThings(Key) returns (Thing); }");
  EXPECT_THAT(refusal, HasSubstr("S.GetThing"));
  EXPECT_THAT(refusal, HasSubstr("S.ListThings"));
}

}  // namespace
}  // namespace dataservice::test
