// Messages with a JSON form of their own, and those of google.type: what is accepted is
// read back as it was, by every method.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>

#include <pqxx/pqxx>

#include "engine_fixture.h"
#include "values/v1/values.pb.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using values::v1::ListThingsRequest;
using values::v1::ListThingsResponse;
using values::v1::Thing;

class ValuesTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto contract = Contract::BuildFromGeneratedPool("values/v1/values.proto");
    ASSERT_TRUE(contract.ok()) << contract.status();
    const auto done = ApplySchema(schema::ModelOfContract(**contract), {.app = AppRole()});
    ASSERT_TRUE(done.ok()) << done.status();
  }

  void SetUp() override { Sql("TRUNCATE values.thing"); }

  static void Sql(const std::string& text) {
    pqxx::connection connection(OwnerDatabase());
    pqxx::nontransaction(connection).exec(text);
  }

  grpc::Status Create(const Thing& thing, Thing& answer) {
    values::v1::CreateThingRequest request;
    *request.mutable_thing() = thing;
    return engine_.Call("/values.v1.ThingService/CreateThing", request, answer);
  }

  static Thing Parse(const std::string& id, const std::string& text) {
    Thing thing;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &thing)) << text;
    thing.set_id(id);
    return thing;
  }

  grpc::Status List(const ListThingsRequest& request, ListThingsResponse& answer) {
    return engine_.Call("/values.v1.ThingService/ListThings", request, answer);
  }

  // The keys of the rows that fulfil the filter.
  std::vector<std::string> Ids(const std::string& filter) {
    ListThingsRequest request;
    request.set_filter(filter);
    ListThingsResponse answer;
    const auto status = List(request, answer);
    EXPECT_TRUE(status.ok()) << filter << ": " << status.error_message();
    std::vector<std::string> ids;
    for (const Thing& thing : answer.things()) ids.push_back(thing.id());
    return ids;
  }

  Engine engine_{{}, {}, AppDatabase(), "values/v1/values.proto"};
};

TEST_F(ValuesTest, WhatIsAcceptedIsReadBack) {
  const Thing sent = Parse("a", R"(
    meta { fields { key: "n" value { null_value: NULL_VALUE } }
           fields { key: "big" value { number_value: 9.2233720368547758e18 } } }
    value { null_value: NULL_VALUE }
    list { values { number_value: 1.7976931348623157e308 } values { number_value: 5e-324 } }
    any { type_url: "type.googleapis.com/google.type.Money" value: "\n\003EUR\020\001" }
    mask { paths: "a_b.c" }
    nest { real: -9.2233720368547758e18 nests { small: 3.4028235e38 } value { list_value {} } }
    values { key: "k" value { null_value: NULL_VALUE } }
    efforts { seconds: -1 nanos: -1 }
    period: MONTH
    color { red: 0.1 alpha {} }
    date { year: 2024 month: 2 day: 29 }
    date_time { hours: 24 utc_offset { seconds: -14400 } }
    day_of_week: SUNDAY
    decimal { value: "+2.50e-3" }
    expr { expression: "a && b" }
    fraction { numerator: -1 denominator: 3 }
    interval { start_time { seconds: 1 } end_time { seconds: 1 nanos: 1 } }
    place { latitude: -90 longitude: 180 }
    text { text: "t" language_code: "en-US" }
    price { currency_code: "EUR" units: -1 nanos: -1 }
    month: JUNE
    phone { e164_number: "+15552220123" }
    address { region_code: "CH" address_lines: "Bahnhofstrasse 1" }
    rotation { x: nan w: -inf }
    opens { hours: 24 }
    decimals { value: "1" }
    rates { key: "k" value {} })");
  Thing created;
  const auto status = Create(sent, created);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(created.DebugString(), sent.DebugString());
  values::v1::GetThingRequest get;
  get.set_id("a");
  Thing read;
  ASSERT_TRUE(engine_.Call("/values.v1.ThingService/GetThing", get, read).ok());
  EXPECT_EQ(read.DebugString(), sent.DebugString());
  ListThingsResponse page;
  ASSERT_TRUE(List({}, page).ok());
  ASSERT_EQ(page.things_size(), 1);
  EXPECT_EQ(page.things(0).DebugString(), sent.DebugString());
}

TEST_F(ValuesTest, WhatCouldNotBeReadBackIsRefusedAndNotStored) {
  for (const char* text : {
           R"(any { type_url: "type.googleapis.com/google.protobuf.ListValue" })",
           R"(any { type_url: "type.googleapis.com/google.protobuf.Value" })",
           R"(any { type_url: "values.v1.Nest" })",
           R"(any { type_url: "/values.v1.Nest" })",
           R"(nest { any { type_url: "type.googleapis.com/google.protobuf.Duration"
                           value: "\010\001\020\377\377\377\377\377\377\377\377\377\001" } })",
           R"(mask { paths: "a[\"x_y\"]" })",
           R"(nest { mask { paths: "_a" } })",
           R"(value { number_value: nan })",
           R"(value {})",
           R"(meta { fields { key: "a" value {} } })",
           R"(list { values { number_value: inf } })",
           R"(decimal { value: "abc" })",
           R"(price { units: 1 })",
           R"(price { currency_code: "EUR" units: 1 nanos: -1 })",
       }) {
    Thing answer;
    const auto status = Create(Parse("a", text), answer);
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT) << text;
    EXPECT_THAT(Ids(""), IsEmpty()) << text;
  }
}

TEST_F(ValuesTest, AMaskNamesMoneyWhole) {
  Thing answer;
  ASSERT_TRUE(
      Create(Parse("a", R"(price { currency_code: "EUR" units: 1 nanos: 5 })"), answer).ok());
  values::v1::UpdateThingRequest request;
  *request.mutable_thing() = Parse("a", R"(price { currency_code: "USD" units: -2 })");
  request.mutable_update_mask()->add_paths("price.units");
  const std::string update = "/values.v1.ThingService/UpdateThing";
  EXPECT_EQ(engine_.Call(update, request, answer).error_code(), StatusCode::INVALID_ARGUMENT);
  request.mutable_update_mask()->set_paths(0, "price");
  ASSERT_TRUE(engine_.Call(update, request, answer).ok());
  EXPECT_EQ(answer.price().ShortDebugString(), R"(currency_code: "USD" units: -2)");
}

TEST_F(ValuesTest, DecimalsAreComparedAsNumbers) {
  const auto create = [&](const char* id, const std::string& value) {
    Thing answer;
    Thing thing = Parse(id, "");
    thing.mutable_decimal()->set_value(value);
    (*thing.mutable_rates())["r"].set_value(value);
    const auto status = Create(thing, answer);
    EXPECT_TRUE(status.ok()) << value << ": " << status.error_message();
  };
  create("a", "9");
  create("b", "10.0");
  create("c", "+1e1");
  create("d", "-.5");
  create("e", "");
  create("f", "2.e-9999");
  create("g", std::string(1000, '9'));
  create("h", "9E9999");
  Thing answer;
  ASSERT_TRUE(Create(Parse("none", ""), answer).ok());
  EXPECT_THAT(Ids("decimal.value = 10"), ElementsAre("b", "c"));
  EXPECT_THAT(Ids("decimal.value > 9"), ElementsAre("b", "c", "g", "h"));
  EXPECT_THAT(Ids("decimal.value < 9"), ElementsAre("d", "e", "f"));
  EXPECT_THAT(Ids("decimal.value = 0"), ElementsAre("e"));
  EXPECT_THAT(Ids("decimal.value <= 1e-9998 AND decimal.value > 0"), ElementsAre("f"));
  EXPECT_THAT(Ids("rates.r.value >= 1.0e1"), ElementsAre("b", "c", "g", "h"));
  // What another writer stored, and is no number, is none.
  Sql(R"(UPDATE values.thing SET decimal = '{"value": "abc"}' WHERE id = 'a')");
  EXPECT_THAT(Ids("decimal.value > 9"), ElementsAre("b", "c", "g", "h"));
  ListThingsRequest request;
  ListThingsResponse page;
  for (const char* filter : {"decimal.value > abc", "decimal > 5"}) {
    request.set_filter(filter);
    EXPECT_EQ(List(request, page).error_code(), StatusCode::INVALID_ARGUMENT) << filter;
  }
  request.clear_filter();
  request.set_order_by("decimal");
  EXPECT_THAT(List(request, page).error_message(), HasSubstr("has no order"));
}

}  // namespace
}  // namespace dataservice::test
