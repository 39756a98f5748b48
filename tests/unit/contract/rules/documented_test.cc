// What google.protobuf and google.type document of their values, checked before they are
// stored.
#include "contract/rules/documented.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "contract/fixture.h"
#include "values/v1/values.pb.h"

namespace dataservice::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using values::v1::Thing;

// "field rule_id" of each violation of a Thing in Protobuf's text format.
std::vector<std::string> Broken(const std::string& text) {
  Thing thing;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &thing)) << text;
  std::vector<Violation> violations;
  ValuesContract().FindValidator(Thing::descriptor())->Validate(thing, "", &violations);
  std::vector<std::string> out;
  for (const Violation& v : violations) out.push_back(absl::StrCat(v.field, " ", v.rule_id));
  return out;
}

void ExpectAll(std::initializer_list<const char*> values, const std::string& broken) {
  for (const char* value : values) {
    if (broken.empty()) {
      EXPECT_THAT(Broken(value), IsEmpty()) << value;
    } else {
      EXPECT_THAT(Broken(value), ElementsAre(broken)) << value;
    }
  }
}

TEST(Documented, AnEmptyMessageBreaksNothing) { EXPECT_THAT(Broken(""), IsEmpty()); }

TEST(Documented, ValueIsOneOfItsKindsAndFinite) {
  ExpectAll({"value { null_value: NULL_VALUE }", "value { number_value: 0 }",
             "value { number_value: -1.7976931348623157e308 }", "value { list_value {} }",
             "value { struct_value {} }", "meta {}", "list {}"},
            "");
  ExpectAll({"value {}", "value { number_value: nan }", "value { number_value: inf }",
             "value { number_value: -inf }"},
            "value value.kind");
  EXPECT_THAT(Broken("list { values { number_value: 1 } values {} }"),
              ElementsAre("list.values[1] value.kind"));
  EXPECT_THAT(Broken("meta { fields { key: 'a' value { list_value { values {} } } } }"),
              ElementsAre("meta.fields[\"a\"].list_value.values[0] value.kind"));
  EXPECT_THAT(Broken("values { key: 'k' value {} }"), ElementsAre("values[\"k\"] value.kind"));
  EXPECT_THAT(Broken("nest { nests { value { number_value: nan } } }"),
              ElementsAre("nest.nests[0].value value.kind"));
  Thing thing;
  thing.mutable_value()->set_null_value(static_cast<google::protobuf::NullValue>(5));
  EXPECT_THAT(Broken(thing.ShortDebugString()), ElementsAre("value.null_value enum.defined_only"));
}

TEST(Documented, PathsOfAFieldMaskSurviveLowerCamelCase) {
  ExpectAll({"mask {}", "mask { paths: 'a' }", "mask { paths: 'a_b.c2_d' paths: 'a' }"}, "");
  for (const char* path : {"", "*", "a_1", "_a", "a_", "a__b", "aB", "A", "a.", ".a", "a..b", "a,b",
                           "a b", "a[\"x_y\"]", "a.`k`", "\xC3\xA4", "1a"}) {
    Thing thing;
    thing.mutable_mask()->add_paths("fine");
    thing.mutable_mask()->add_paths(path);
    EXPECT_THAT(Broken(thing.ShortDebugString()), ElementsAre("mask field_mask.paths")) << path;
  }
}

TEST(Documented, MasksOfRequestsAreNoStoredValues) {
  values::v1::UpdateThingRequest request;
  request.mutable_update_mask()->add_paths("*");
  request.mutable_thing();
  std::vector<Violation> violations;
  ValuesContract()
      .FindValidator(values::v1::UpdateThingRequest::descriptor())
      ->Validate(request, "", &violations);
  EXPECT_THAT(violations, IsEmpty());
}

TEST(Documented, AnAnyHoldsWhatEveryProgramKnows) {
  ExpectAll({"any {}", "any { type_url: 'type.googleapis.com/values.v1.Nest' }",
             "any { type_url: 'type.googleapis.com/google.protobuf.Empty' }",
             "any { type_url: 'type.googleapis.com/google.protobuf.ListValue' }"},
            "");
  // The last two are linked into the tests, and the contract does not import them.
  ExpectAll({"any { type_url: 'values.v1.Nest' }", "any { type_url: '/values.v1.Nest' }",
             "any { type_url: 'example.com/values.v1.Nest' }", "any { value: 'x' }",
             "any { type_url: 'type.googleapis.com/' }",
             "any { type_url: 'type.googleapis.com/values.v1.None' }",
             "any { type_url: 'type.googleapis.com/types.v1.Part' }",
             "any { type_url: 'type.googleapis.com/google.rpc.Status' }"},
            "any any.type_url");
  // What is in it, too.
  ExpectAll({"any { [type.googleapis.com/google.protobuf.Value] {} }",
             "any { [type.googleapis.com/google.protobuf.FieldMask] { paths: '*' } }",
             "any { [type.googleapis.com/google.type.Money] {} }",
             "any { [type.googleapis.com/values.v1.Nest] { nests { value {} } } }",
             "any { [type.googleapis.com/values.v1.Nest] { states: 9 } }",
             "any { [type.googleapis.com/google.protobuf.Any] { type_url: 'x' } }",
             "any { type_url: 'type.googleapis.com/values.v1.Nest' value: '\\377' }"},
            "any any.type_url");
  ExpectAll({"any { [type.googleapis.com/values.v1.Nest] { by_name { key: 'a' value {} } } }"}, "");
  EXPECT_THAT(Broken("nest { by_name { key: 'k' value { any { type_url: 'x' } } } }"),
              ElementsAre("nest.by_name[\"k\"].any any.type_url"));
}

TEST(Documented, NumbersOfEnumsAreDefined) {
  Thing thing;
  thing.mutable_nest()->set_state(static_cast<values::v1::State>(7));
  thing.mutable_nest()->add_states(values::v1::STATE_ON);
  thing.mutable_nest()->add_states(static_cast<values::v1::State>(-1));
  EXPECT_THAT(Broken(thing.ShortDebugString()),
              ElementsAre("nest.state enum.defined_only", "nest.states[1] enum.defined_only"));
}

TEST(Documented, Money) {
  ExpectAll({"price { currency_code: 'EUR' }", "price { currency_code: 'EUR' nanos: -1 }",
             "price { currency_code: 'EUR' units: -1 nanos: -750000000 }",
             "price { currency_code: 'EUR' units: 9223372036854775807 nanos: 999999999 }"},
            "");
  ExpectAll({"price {}", "price { currency_code: 'eur' }", "price { currency_code: 'EURO' }",
             "price { currency_code: 'E1R' }", "price { currency_code: 'EUR\\n' }"},
            "price money.currency_code");
  ExpectAll({"price { currency_code: 'EUR' units: 1 nanos: -1 }",
             "price { currency_code: 'EUR' units: -1 nanos: 1 }",
             "price { currency_code: 'EUR' nanos: 1000000000 }",
             "price { currency_code: 'EUR' units: -1 nanos: -2147483648 }"},
            "price money.amount");
}

TEST(Documented, Decimal) {
  for (const char* text : {"", "0", "-2.5", "+2.5", ".5", "2.", "2.5e8", "2.5E+8", "1e-9999"}) {
    EXPECT_TRUE(rules::IsDecimal(text)) << text;
  }
  for (const char* text : {"abc", ".", "+", "-", "e5", "1e", "1e+", "1e10000", "1,5", "1 000", " 1",
                           "1\n", "NaN", "Infinity", "0x1", "1_0", "--1", "\xD9\xA1"}) {
    EXPECT_FALSE(rules::IsDecimal(text)) << text;
  }
  EXPECT_TRUE(rules::IsDecimal(std::string(1000, '9')));
  EXPECT_FALSE(rules::IsDecimal(std::string(1001, '9')));
  EXPECT_THAT(Broken("decimal { value: 'abc' } decimals { value: '1' } decimals { value: 'x' } "
                     "rates { key: 'k' value { value: '.' } }"),
              ElementsAre("decimal decimal.value", "decimals[1] decimal.value",
                          "rates[\"k\"] decimal.value"));
}

TEST(Documented, DatesAndTimes) {
  ExpectAll({"nest { date { year: 2024 month: 2 day: 29 } }", "nest { date { month: 2 day: 29 } }",
             "nest { date { year: 2024 month: 2 } }", "nest { date { year: 9999 } }"},
            "");
  ExpectAll(
      {"nest { date {} }", "nest { date { month: 2 } }", "nest { date { day: 2 } }",
       "nest { date { year: 2023 day: 2 } }", "nest { date { year: 2023 month: 2 day: 29 } }",
       "nest { date { year: 1900 month: 2 day: 29 } }", "nest { date { year: 10000 } }",
       "nest { date { year: -1 month: 1 day: 1 } }", "nest { date { year: 1 month: 13 day: 1 } }"},
      "nest.date date.day");
  ExpectAll({"opens {}", "opens { hours: 23 minutes: 59 seconds: 59 nanos: 999999999 }",
             "opens { hours: 24 }"},
            "");
  ExpectAll({"opens { hours: 25 }", "opens { hours: 24 nanos: 1 }", "opens { minutes: 60 }",
             "opens { seconds: 60 }", "opens { nanos: 1000000000 }", "opens { hours: -1 }"},
            "opens time_of_day.range");
  ExpectAll({"date_time {}", "date_time { year: 2024 month: 2 day: 29 hours: 24 }",
             "date_time { utc_offset { seconds: -64800 } }",
             "date_time { time_zone { id: 'Europe/Berlin' } }"},
            "");
  ExpectAll({"date_time { month: 13 }", "date_time { month: 4 day: 31 }", "date_time { day: 32 }",
             "date_time { year: 10000 }", "date_time { hours: 24 minutes: 1 }"},
            "date_time date_time.parts");
  ExpectAll({"date_time { utc_offset { seconds: 64801 } }",
             "date_time { utc_offset { seconds: 1 nanos: 5 } }"},
            "date_time date_time.utc_offset");
  ExpectAll({"interval {}", "interval { start_time { seconds: 5 } }",
             "interval { start_time { seconds: 5 } end_time { seconds: 5 } }"},
            "");
  ExpectAll({"interval { start_time { seconds: 5 nanos: 1 } end_time { seconds: 5 } }"},
            "interval interval.order");
}

TEST(Documented, NumbersAndPlaces) {
  ExpectAll({"place { latitude: -90 longitude: 180 }", "color { red: 1 alpha { value: 0 } }",
             "fraction { denominator: 3 }", "rotation { x: nan }"},
            "");
  ExpectAll({"place { latitude: 90.1 }", "place { longitude: -180.1 }", "place { latitude: nan }",
             "place { longitude: inf }"},
            "place lat_lng.range");
  ExpectAll({"color { red: 1.5 }", "color { blue: -0.1 }", "color { green: nan }",
             "color { alpha { value: 2 } }"},
            "color color.range");
  ExpectAll({"fraction {}", "fraction { numerator: 1 denominator: -2 }"},
            "fraction fraction.denominator");
}

TEST(Documented, AddressesAndNumbersToCall) {
  ExpectAll(
      {"phone { e164_number: '+15552220123' extension: '12,3#' }",
       "phone { short_code { region_code: 'US' number: '611' } }",
       "address { region_code: 'CH' language_code: 'zh-Hant' }", "address { region_code: '419' }",
       "text { text: 'a' language_code: 'sr-Latn' }", "text {}"},
      "");
  ExpectAll({"phone {}", "phone { e164_number: '15552220123' }", "phone { e164_number: '+1 555' }",
             "phone { e164_number: '' }", "phone { short_code { number: '611' } }",
             "phone { short_code { region_code: 'US' number: '+611' } }"},
            "phone phone_number.kind");
  EXPECT_THAT(Broken("phone { e164_number: '+15' extension: '" + std::string(41, '1') + "' }"),
              ElementsAre("phone phone_number.extension"));
  ExpectAll({"address {}", "address { region_code: 'ch' }"}, "address postal_address.region_code");
  ExpectAll({"address { region_code: 'CH' revision: 1 }"}, "address postal_address.revision");
  ExpectAll({"address { region_code: 'CH' language_code: 'no language' }"},
            "address postal_address.language_code");
  ExpectAll({"text { language_code: '-' }"}, "text localized_text.language_code");
}

}  // namespace
}  // namespace dataservice::test
