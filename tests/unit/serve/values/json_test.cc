// Messages -> the JSON of a column -> messages: unchanged, or refused.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "serve/values/decode.h"
#include "serve/values/encode.h"
#include "values/v1/values.pb.h"

namespace dataservice::test {
namespace {

using google::protobuf::Any;
using testing::HasSubstr;
using values::v1::Nest;
using values::v1::Thing;

const Resource& ThingResource() { return *ValuesContract().FindResource(Thing::descriptor()); }

Thing Parse(const std::string& text) {
  Thing thing;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &thing)) << text;
  return thing;
}

template <typename Message>
Thing WithAny(const Message& content) {
  Thing thing;
  thing.mutable_any()->PackFrom(content);
  *thing.mutable_nest()->add_nests()->mutable_any() = thing.any();
  *thing.add_anys() = thing.any();
  return thing;
}

// What becomes of it on its way through its columns' texts.
Thing ThroughText(const Thing& thing) {
  std::string bytes;
  for (const Column& column : ThingResource().columns) {
    Values values;
    std::string problem;
    EXPECT_TRUE(EncodeField(thing, *column.field, column, values, problem)) << problem;
    if (!values[0]) continue;
    EXPECT_TRUE(WriteField(column, std::string(*values[0]), Thing::default_instance(), {}, bytes))
        << column.name << ": " << *values[0];
  }
  Thing out;
  EXPECT_TRUE(out.ParseFromString(bytes));
  return out;
}

void ExpectSame(const Thing& thing) {
  EXPECT_EQ(ThroughText(thing).DebugString(), thing.DebugString());
}

// Why the column refuses it; "" if it does not.
std::string ProblemOf(const Thing& thing, const std::string& field) {
  const Column& column = ThingResource().column(ThingResource().Find(field));
  Values values;
  std::string problem;
  const bool done = EncodeField(thing, *column.field, column, values, problem);
  EXPECT_EQ(done, problem.empty());
  return problem;
}

TEST(StoredJson, KeepsValues) {
  ExpectSame(Parse(R"(
    id: "a"
    value { null_value: NULL_VALUE }
    list { values { null_value: NULL_VALUE } values { list_value {} } values { bool_value: true } }
    meta { fields { key: "" value { struct_value {} } }
           fields { key: "@type" value { string_value: "type.googleapis.com/x" } } }
    values { key: "k" value { null_value: NULL_VALUE } }
    mask { paths: "a_b.c" }
    nest { value { number_value: 1.7976931348623157e308 } mask {} meta {} real: 5e-324 }
    efforts { seconds: -1 nanos: -1 })"));
}

TEST(StoredJson, KeepsWhatAnAnyHolds) {
  ExpectSame(WithAny(Parse("id: 'a' list { values { number_value: 1 } } price { units: 1 }")));
  ExpectSame(WithAny(Parse("value { list_value {} }").value()));
  ExpectSame(WithAny(Parse("value { null_value: NULL_VALUE }").value()));
  ExpectSame(WithAny(Parse("meta { fields { key: 'a' value { number_value: 1 } } }").meta()));
  ExpectSame(WithAny(Parse("efforts { seconds: 1 nanos: 1 }").efforts(0)));
  ExpectSame(WithAny(WithAny(Nest()).any()));
  ExpectSame(WithAny(Nest()));
  Nest special;
  special.set_real(std::numeric_limits<double>::quiet_NaN());
  ExpectSame(WithAny(special));
  Thing empty;
  empty.mutable_any();
  ExpectSame(empty);
}

TEST(StoredJson, TheOrderOfAnAnysBytesMeansNothing) {
  Nest nest;
  nest.set_real(1);
  nest.set_name("n");
  Nest first;
  first.set_name("n");
  Nest second;
  second.set_real(1);
  Thing thing;
  thing.mutable_any()->PackFrom(nest);
  thing.mutable_any()->set_value(first.SerializeAsString() + second.SerializeAsString());
  EXPECT_EQ(ProblemOf(thing, "any"), "");
}

TEST(StoredJson, RefusesAnAnyThatWouldNotComeBack) {
  const auto refuses = [](const Thing& thing) {
    for (const char* field : {"any", "nest", "anys"}) {
      EXPECT_THAT(ProblemOf(thing, field), HasSubstr("cannot be")) << thing.DebugString();
    }
  };
  const auto holding = [](const std::string& type, const std::string& bytes) {
    Thing thing;
    thing.mutable_any()->set_type_url("type.googleapis.com/" + type);
    thing.mutable_any()->set_value(bytes);
    *thing.mutable_nest()->add_nests()->mutable_any() = thing.any();
    *thing.add_anys() = thing.any();
    return thing;
  };
  refuses(WithAny(Parse("list { values { number_value: 1 } }").list()));
  refuses(WithAny(google::protobuf::ListValue()));
  refuses(WithAny(Parse("efforts { seconds: 1 nanos: -1 }").efforts(0)));
  refuses(WithAny(Parse("mask { paths: 'a_1' }").mask()));
  refuses(WithAny(WithAny(google::protobuf::ListValue()).any()));
  Nest nan;
  nan.mutable_value()->set_number_value(std::numeric_limits<double>::quiet_NaN());
  refuses(WithAny(nan));
  refuses(holding("values.v1.Nest", "\xFF"));          // not the message's bytes
  refuses(holding("values.v1.Nest", "\xA0\x06\x01"));  // a field that it does not have
  refuses(holding("values.v1.None", ""));
  Nest nul;
  nul.set_name(std::string("a\0b", 3));
  EXPECT_EQ(ProblemOf(WithAny(nul), "any"), "must not contain a NUL character");
  nul.set_name("\\u0000");  // six characters
  ExpectSame(WithAny(nul));
}

TEST(StoredJson, WhatIsWrittenIsRead) {
  // Every depth that is written, of the forms that nest least and most for Protobuf.
  int written = 0;
  for (int depth = 1; depth < 99; ++depth) {
    Thing thing;
    Nest* lists = thing.mutable_nest();
    Nest* maps = thing.mutable_nest();
    google::protobuf::Value* value = thing.mutable_value();
    for (int i = 0; i < depth; ++i) {
      lists = lists->nests_size() > 0 ? lists->mutable_nests(0) : lists->add_nests();
      maps = &(*maps->mutable_by_name())["a"];
      value = value->mutable_list_value()->add_values();
    }
    value->set_bool_value(true);
    values::v1::CreateThingRequest request;
    *request.mutable_thing() = thing;
    // Protobuf does not take in what is nested more deeply.
    if (!values::v1::CreateThingRequest().ParseFromString(request.SerializeAsString())) break;
    for (const Column& column : ThingResource().columns) {
      if (column.type != ColumnType::kJsonb) continue;
      Values values;
      std::string problem;
      if (!EncodeField(thing, *column.field, column, values, problem) || !values[0]) continue;
      ++written;
      std::string bytes;
      ASSERT_TRUE(WriteField(column, std::string(*values[0]), Thing::default_instance(), {}, bytes))
          << column.name << " " << depth;
    }
  }
  EXPECT_GT(written, 60);
}

}  // namespace
}  // namespace dataservice::test
