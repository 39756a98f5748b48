// Computed fields: what they become, and those that contradict something.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

constexpr char kLines[] = R"(
message Line {
  option (storage.v1.table) = {};
  int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];
  int64 order = 2 [(storage.v1.column).references = {resource: 'Order'}];
  int32 count = 3;
  uint64 big = 4;
  double price = 5;
  string text = 6;
  google.protobuf.Timestamp time = 7;
  repeated int32 numbers = 8;
  string uuid = 9 [(buf.validate.field).string.uuid = true];
  bool flag = 10;
  bytes data = 11;
  Part part = 12;
  google.protobuf.Int32Value wrapped = 13;
  Kind kind = 14;
  uint32 small = 15;
  float real = 16;
}
message Part { int32 n = 1; }
enum Kind { KIND_UNSPECIFIED = 0; }
enum Other { OTHER_UNSPECIFIED = 0; }
)";

// A resource Order with these fields, and Lines that refer to it.
std::string Order(const std::string& fields, const std::string& lines = kLines) {
  return "message Order { option (storage.v1.table) = {};"
         "int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];" +
         fields + "}" + lines;
}

// "int32 f = 2 [OUTPUT_ONLY, computed = {...}]"
std::string Field(const std::string& type, const std::string& option, const std::string& more = "",
                  const std::string& name = "f") {
  return type + " " + name + " = 2 [(google.api.field_behavior) = OUTPUT_ONLY" + more +
         ", (storage.v1.column).computed = {" + option + "}];";
}

std::string Of(const std::string& function, const std::string& field = "") {
  return "resource: 'Line' function: FUNCTION_" + function +
         (field.empty() ? "" : " field: '" + field + "'");
}

std::string Refusal(const std::string& body) { return InlineContract(body).Refusal(); }

std::string RefusalOf(const std::string& type, const std::string& option) {
  return Refusal(Order(Field(type, option)));
}

TEST(Computed, IsNoColumn) {
  const InlineContract contract(Order(Field("int32", Of("COUNT"))));
  ASSERT_EQ(contract.Refusal(), "");
  const Resource& order = contract.resource(0);
  EXPECT_EQ(order.columns.size(), 1U);
  EXPECT_EQ(order.Find("f"), -1);
  ASSERT_EQ(order.FindComputed("f"), 0);
  const ComputedField& field = order.computed[0];
  EXPECT_EQ(field.source, &contract.resource(1));
  EXPECT_EQ(field.reference, 1);
  EXPECT_EQ(field.operand, -1);
  EXPECT_EQ(field.column.type, ColumnType::kInteger);
}

TEST(Computed, FunctionsTakeAndGiveTheirTypes) {
  for (const auto& [type, option] : std::vector<std::pair<std::string, std::string>>{
           {"int32", Of("COUNT")},
           {"optional int64", Of("COUNT")},
           {"int64", Of("SUM", "count")},
           {"int64", Of("SUM", "big")},
           {"uint64", Of("SUM", "big")},
           {"uint64", Of("SUM", "small")},
           {"double", Of("SUM", "count")},
           {"double", Of("SUM", "price")},
           {"double", Of("SUM", "real")},
           {"int64", Of("SUM", "wrapped")},
           {"optional double", Of("AVG", "count")},
           {"optional float", Of("AVG", "big")},
           {"google.protobuf.DoubleValue", Of("AVG", "price")},
           {"optional string", Of("MIN", "text")},
           {"optional int32", Of("MAX", "wrapped")},
           {"google.protobuf.Timestamp", Of("MAX", "time")},
           {"optional Kind", Of("MAX", "kind")},
           {"optional uint32", Of("MIN", "small")},
       }) {
    EXPECT_EQ(RefusalOf(type, option), "") << type << " " << option;
  }
}

TEST(Computed, FunctionsRefuseOtherResults) {
  const auto refuses = [](const std::string& type, const std::string& option,
                          const std::string& remedy) {
    EXPECT_THAT(
        RefusalOf(type, option),
        HasSubstr("test/v1/test.proto: test.v1.Order.f: does not have a type that FUNCTION_"))
        << type << " " << option;
    EXPECT_THAT(RefusalOf(type, option), HasSubstr("returns here; make it " + remedy)) << type;
  };
  refuses("uint32", Of("COUNT"), "int32 or int64");
  refuses("string", Of("COUNT"), "int32 or int64");
  refuses("Part", Of("COUNT"), "int32 or int64");
  refuses("int32", Of("SUM", "count"), "int64 or double");
  refuses("uint64", Of("SUM", "count"), "int64 or double");
  refuses("int32", Of("SUM", "big"), "int64, uint64 or double");
  refuses("int64", Of("SUM", "price"), "double");
  refuses("float", Of("SUM", "real"), "double");
  refuses("int64", Of("AVG", "count"), "double or float");
  refuses("float", Of("AVG", "price"), "double");
  refuses("float", Of("AVG", "real"), "double");
  refuses("optional int64", Of("MIN", "count"), "the type of the aggregated field");
  refuses("optional int64", Of("MIN", "small"), "the type of the aggregated field");
  refuses("optional Other", Of("MIN", "kind"), "the type of the aggregated field");
  refuses("string", Of("MAX", "time"), "the type of the aggregated field");
}

TEST(Computed, FunctionsRefuseOtherOperands) {
  for (const char* name : {"text", "time", "flag", "numbers", "part", "kind", "data"}) {
    for (const char* function : {"SUM", "AVG"}) {
      EXPECT_THAT(RefusalOf("double", Of(function, name)),
                  HasSubstr(std::string("FUNCTION_") + function + " does not accept test.v1.Line." +
                            name + "; name a field that is a number"));
    }
  }
  for (const char* name : {"uuid", "flag", "numbers", "part", "data"}) {
    EXPECT_THAT(RefusalOf("double", Of("MAX", name)),
                HasSubstr(std::string("does not accept test.v1.Line.") + name +
                          "; name a field that is a number, text (no UUID), enum, time"));
  }
}

TEST(Computed, WhatIsNothingWithoutValuesCanBeAbsent) {
  for (const std::string& option : {Of("AVG", "count"), Of("MIN", "price")}) {
    EXPECT_THAT(RefusalOf("double", option),
                HasSubstr("returns nothing if no row has a value, and the field cannot be absent; "
                          "make it `optional`"));
  }
}

TEST(Computed, NamesAResourceThatRefersHere) {
  const std::string count = " function: FUNCTION_COUNT";
  EXPECT_THAT(RefusalOf("int32", "resource: 'Nothing'" + count),
              HasSubstr("test.v1.Order.f: is computed from Nothing, which is not a resource of the "
                        "contract; name a message that has (storage.v1.table)"));
  EXPECT_THAT(RefusalOf("int32", "resource: 'Part'" + count), HasSubstr("computed from Part"));
  EXPECT_THAT(RefusalOf("int32", count), HasSubstr("is computed from nothing"));
  EXPECT_EQ(RefusalOf("int32", "resource: 'test.v1.Line'" + count), "");
  EXPECT_THAT(RefusalOf("int32", "resource: 'Order'" + count),
              HasSubstr("is computed from test.v1.Order, which does not refer to test.v1.Order; "
                        "give it a field with (storage.v1.column).references"));
  EXPECT_THAT(RefusalOf("int32", "resource: 'Line' reference: 'count'" + count),
              HasSubstr("is computed over count of test.v1.Line, which is not a reference to "
                        "test.v1.Order; name a field with (storage.v1.column).references"));
  EXPECT_THAT(RefusalOf("int32", "resource: 'Line' reference: 'nothing'" + count),
              HasSubstr("is computed over nothing of test.v1.Line"));
}

TEST(Computed, NamesOneOfSeveralReferences) {
  const std::string two = R"(
message Line {
  option (storage.v1.table) = {};
  int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];
  int64 a = 2 [(storage.v1.column).references = {resource: 'Order'}];
  int64 b = 3 [(storage.v1.column).references = {resource: 'Order'}];
})";
  EXPECT_THAT(Refusal(Order(Field("int32", Of("COUNT")), two)),
              HasSubstr("is computed from test.v1.Line, which refers to this resource with several "
                        "fields; name one as `reference`"));
  const InlineContract contract(Order(Field("int32", Of("COUNT") + " reference: 'b'"), two));
  ASSERT_EQ(contract.Refusal(), "");
  EXPECT_EQ(contract.resource(0).computed[0].reference, 2);
}

TEST(Computed, NamesAFieldUnlessItCounts) {
  EXPECT_THAT(RefusalOf("int32", Of("COUNT", "count")),
              HasSubstr("FUNCTION_COUNT counts rows; drop `field`"));
  EXPECT_THAT(RefusalOf("int64", Of("SUM")),
              HasSubstr("FUNCTION_SUM needs an operand; name a `field` of test.v1.Line"));
  EXPECT_THAT(RefusalOf("int64", Of("SUM", "nothing")),
              HasSubstr("is computed from nothing, which is not a stored field of test.v1.Line"));
  for (const char* option : {"resource: 'Line'", "resource: 'Line' function: FUNCTION_UNSPECIFIED",
                             "resource: 'Line' field: 'count'"}) {
    EXPECT_THAT(RefusalOf("int32", option), HasSubstr("has no `function`")) << option;
  }
}

TEST(Computed, ContradictsWhatAColumnIs) {
  const std::string count = Of("COUNT");
  EXPECT_THAT(
      Refusal(Order("int32 f = 2 [(storage.v1.column).computed = {" + count + "}];")),
      HasSubstr("is computed, so requests cannot set it; give it field_behavior OUTPUT_ONLY"));
  const auto with = [&](const std::string& more, const std::string& type = "int32",
                        const std::string& name = "f") {
    return Refusal(Order(Field(type, count, more, name)));
  };
  EXPECT_THAT(with(", (google.api.field_behavior) = IDENTIFIER"),
              HasSubstr("a key is not computed"));
  EXPECT_THAT(with(", (google.api.field_behavior) = REQUIRED"),
              HasSubstr("OUTPUT_ONLY and REQUIRED contradict each other"));
  EXPECT_THAT(with(", (google.api.field_behavior) = IMMUTABLE"), HasSubstr("drop IMMUTABLE"));
  EXPECT_THAT(with(", (storage.v1.column).references = {resource: 'Line'}"),
              HasSubstr("is computed and refers to another resource; drop one of them"));
  EXPECT_THAT(with(", (buf.validate.field).int32.gt = 0"), HasSubstr("drop (buf.validate.field)"));
  EXPECT_THAT(with("", "repeated int32"), HasSubstr("drop `repeated`"));
  EXPECT_THAT(with("", "map<string, int32>"), HasSubstr("drop `repeated`"));
  for (const char* name : {"create_time", "update_time"}) {
    EXPECT_THAT(with("", "google.protobuf.Timestamp", name),
                HasSubstr(std::string("test.v1.Order.") + name +
                          ": is set by the server (AIP-148); drop `computed`"));
  }
  EXPECT_THAT(with("", "string", "etag"), HasSubstr("an etag is not stored"));
  EXPECT_THAT(Refusal(Order("oneof o {" + Field("int32", count) + "}")),
              HasSubstr("is OUTPUT_ONLY in the oneof o"));
}

TEST(Computed, StandsInNoIndexAndNoMessageThatIsNotStored) {
  EXPECT_THAT(
      Refusal("message Order { option (storage.v1.table) = {indexes: {fields: 'f'}};"
              "int64 key = 1 [(google.api.field_behavior) = IDENTIFIER];" +
              Field("int32", Of("COUNT")) + "}" + kLines),
      HasSubstr("has an index on f, which is computed and not stored; name a stored field"));
  EXPECT_THAT(Refusal(Order("", kLines) + "message Thing {" + Field("int32", Of("COUNT")) + "}"),
              HasSubstr("has (storage.v1.column), but Thing is no resource"));
}

TEST(Computed, AggregatesStoredFieldsOnly) {
  EXPECT_THAT(
      Refusal(Order(Field("int32", Of("COUNT")) +
                    "int64 other = 3 [(storage.v1.column).references = {resource: 'Order'}];"
                    "int64 g = 4 [(google.api.field_behavior) = OUTPUT_ONLY, "
                    "(storage.v1.column).computed = {resource: 'Order' function: "
                    "FUNCTION_SUM field: 'f'}];")),
      HasSubstr("is computed from f, which is not a stored field of test.v1.Order"));
}

TEST(Computed, NoListIsRestrictedByIt) {
  EXPECT_THAT(
      Refusal(Order(Field("int32", Of("COUNT"))) + R"(
service S { rpc ListOrders(ListOrdersRequest) returns (ListOrdersResponse); }
message ListOrdersRequest { int32 page_size = 1; string page_token = 2; int32 f = 3; }
message ListOrdersResponse { repeated Order orders = 1; optional string next_page_token = 2; }
)"),
      HasSubstr("test.v1.S.ListOrders: the request's field f is the name of a computed field, "
                "which a list cannot compare with; remove it"));
}

TEST(ReadMaskField, IsAFieldMaskOfReads) {
  const auto refusal = [](const std::string& field) {
    return Refusal(Order("", kLines) +
                   "service S { rpc GetOrder(GetOrderRequest) returns (Order); }"
                   "message GetOrderRequest { int64 key = 1; " +
                   field + " }");
  };
  EXPECT_EQ(refusal("google.protobuf.FieldMask read_mask = 2;"), "");
  for (const char* field :
       {"string read_mask = 2;", "repeated google.protobuf.FieldMask read_mask = 2;",
        "google.protobuf.Timestamp read_mask = 2;"}) {
    EXPECT_THAT(refusal(field), HasSubstr("test.v1.S.GetOrder: the request")) << field;
  }
  EXPECT_THAT(refusal("google.protobuf.FieldMask update_mask = 2;"),
              HasSubstr("update_mask is not used by this method"));
}

}  // namespace
}  // namespace dataservice::test
