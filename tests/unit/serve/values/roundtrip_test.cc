// Fields -> text -> wire bytes, without a database between them.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "contract/fixture.h"
#include "serve/values/decode.h"
#include "serve/values/encode.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {
namespace {

using types::v1::Sample;

const Resource& SampleResource() { return *TypesContract().FindResource(Sample::descriptor()); }

// What `sample` is after a way through its columns' texts. Times and intervals
// are left out: PostgreSQL writes them in another form than it reads.
Sample ThroughText(const Sample& sample) {
  std::string bytes;
  for (const Column& column : SampleResource().columns) {
    if (column.type == ColumnType::kTimestamp || column.type == ColumnType::kInterval) continue;
    if (&column == &SampleResource().key_column()) continue;
    Values values;
    std::string problem;
    EXPECT_TRUE(EncodeField(sample, *column.field, column, values, problem))
        << column.name << ": " << problem;
    if (!values[0]) continue;
    const std::string text(*values[0]);
    EXPECT_TRUE(WriteField(column, text, Sample::default_instance(), {}, bytes)) << column.name;
  }
  Sample out;
  EXPECT_TRUE(out.ParseFromString(bytes));
  return out;
}

void ExpectRoundTrip(const Sample& sample) {
  const Sample out = ThroughText(sample);
  EXPECT_EQ(out.SerializeAsString(), sample.SerializeAsString())
      << sample.DebugString() << "\nbecame\n"
      << out.DebugString();
}

TEST(RoundTrip, Empty) { ExpectRoundTrip(Sample()); }

TEST(RoundTrip, Extremes) {
  Sample s;
  s.set_flag(true);
  s.set_i32(std::numeric_limits<int32_t>::min());
  s.set_i64(std::numeric_limits<int64_t>::min());
  s.set_u32(std::numeric_limits<uint32_t>::max());
  s.set_u64(std::numeric_limits<uint64_t>::max());
  s.set_s32(-1);
  s.set_s64(std::numeric_limits<int64_t>::max());
  s.set_f32(7);
  s.set_f64(std::numeric_limits<uint64_t>::max());
  s.set_sf32(-7);
  s.set_sf64(-8);
  s.set_real(-0.0F);
  s.set_precise(5e-324);
  s.set_text("quotes \" and \\ and { } , and \xF0\x9F\x93\x9A");
  s.set_data(std::string("\0\xff\\", 3));
  s.set_origin(types::v1::ORIGIN_LOST);
  ExpectRoundTrip(s);
}

TEST(RoundTrip, SpecialFloats) {
  Sample s;
  s.set_real(std::numeric_limits<float>::infinity());
  s.set_precise(-std::numeric_limits<double>::infinity());
  s.set_opt_precise(-0.0);
  s.set_opt_real(0.1F);
  ExpectRoundTrip(s);
  s.set_precise(std::nan(""));
  EXPECT_TRUE(std::isnan(ThroughText(s).precise()));
}

TEST(RoundTrip, PresentZerosStayPresent) {
  Sample s;
  s.set_opt_flag(false);
  s.set_opt_i32(0);
  s.set_opt_text("");
  s.set_opt_data("");
  s.set_opt_origin(types::v1::ORIGIN_UNSPECIFIED);
  s.mutable_wrapped_flag();
  s.mutable_wrapped_text();
  s.mutable_wrapped_data();
  s.set_note("");
  ExpectRoundTrip(s);
}

TEST(RoundTrip, Lists) {
  Sample s;
  s.add_numbers(0);
  s.add_numbers(-1);
  for (const char* text : {"", "NULL", "a,b", "\"", "\\", "{x}"}) s.add_labels(text);
  s.add_weights(0.5);
  s.add_flags(true);
  s.add_flags(false);
  s.add_blobs(std::string("\0", 1));
  s.add_blobs("");
  s.add_origins(types::v1::ORIGIN_LOST);
  s.add_bigs(std::numeric_limits<uint64_t>::max());
  ExpectRoundTrip(s);
}

TEST(RoundTrip, Messages) {
  Sample s;
  s.mutable_part();
  auto* part = s.add_parts();
  part->set_name("\"{}\\");
  part->set_share(0.25);
  part->add_parts()->set_name("inner");
  part->mutable_seen_time()->set_seconds(1);
  (*s.mutable_counts())["a\":{"] = 3;
  s.mutable_price()->set_currency_code("EUR");
  s.mutable_price()->set_units(-5);
  s.mutable_due_date()->set_year(2024);
  s.mutable_due_date()->set_month(2);
  s.mutable_due_date()->set_day(29);
  ExpectRoundTrip(s);
}

std::string ProblemOf(const Sample& sample, const std::string& field) {
  const Column& column = SampleResource().column(SampleResource().Find(field));
  Values values;
  std::string problem;
  EXPECT_FALSE(EncodeField(sample, *column.field, column, values, problem)) << field;
  EXPECT_EQ(values.size(), 1U);
  return problem;
}

TEST(Encode, SaysWhatAColumnCannotHold) {
  Sample s;
  s.set_origin(static_cast<types::v1::Origin>(99));
  EXPECT_EQ(ProblemOf(s, "origin"), "value must be one of the enum's, and 99 is not");
  s.set_text(std::string("a\0b", 3));
  EXPECT_EQ(ProblemOf(s, "text"), "value must not contain a NUL character");
  s.set_id("not-a-uuid");
  EXPECT_EQ(ProblemOf(s, "id"), "value must be a valid UUID");
  s.mutable_taken_time()->set_seconds(253402300800);
  EXPECT_EQ(ProblemOf(s, "taken_time"), "value must be a time of the years 1 to 9999");
  s.mutable_effort()->set_nanos(1000000000);
  EXPECT_EQ(ProblemOf(s, "effort"), "value must be a duration of at most 315,576,000,000 seconds");
  s.mutable_due_date()->set_year(2024);
  EXPECT_EQ(ProblemOf(s, "due_date"), "value must be a full date of the years 1 to 9999");
  s.mutable_part()->mutable_seen_time()->set_seconds(253402300800);
  EXPECT_EQ(ProblemOf(s, "part"), "cannot be expressed in JSON, or is nested too deeply for it");
}

TEST(Encode, TimesAreTruncatedTowardsZero) {
  Sample s;
  s.mutable_taken_time()->set_nanos(1999);
  s.mutable_effort()->set_seconds(-1);
  s.mutable_effort()->set_nanos(-1999);
  for (const Column& column : SampleResource().columns) TruncateField(s, column);
  EXPECT_EQ(s.taken_time().nanos(), 1000);
  EXPECT_EQ(s.effort().nanos(), -1000);
  EXPECT_FALSE(s.has_due_date());
  s.mutable_taken_time()->set_nanos(-1);  // no time: refused as it came
  for (const Column& column : SampleResource().columns) TruncateField(s, column);
  EXPECT_EQ(s.taken_time().nanos(), -1);
}

TEST(Encode, UuidsBecomeLowerCase) {
  Sample s;
  s.set_id("01A20C76-3549-792B-8739-70A1D035828A");
  const Column& column = SampleResource().key_column();
  Values values;
  std::string problem;
  ASSERT_TRUE(EncodeField(s, *column.field, column, values, problem));
  EXPECT_EQ(*values[0], "01a20c76-3549-792b-8739-70a1d035828a");
}

// The field of `name` from what a result has.
Sample Decoded(const char* name, std::string_view text, bool readable = true) {
  const Column& column = SampleResource().column(SampleResource().Find(name));
  std::string bytes;
  EXPECT_EQ(WriteField(column, text, Sample::default_instance(), {}, bytes), readable) << text;
  Sample out;
  if (readable) EXPECT_TRUE(out.ParseFromString(bytes));
  return out;
}

TEST(Decode, FloatsFromTheirBytes) {
  EXPECT_EQ(Decoded("precise", "3fb999999999999b").precise(), std::nextafter(0.1, 1));
  EXPECT_EQ(Decoded("real", "3dcccccd").real(), 0.1F);
  EXPECT_TRUE(std::signbit(Decoded("precise", "8000000000000000").precise()));
  EXPECT_EQ(Decoded("precise", "0000000000000000").ByteSizeLong(), 0U);
  EXPECT_TRUE(std::isnan(Decoded("opt_real", "7fc00000").opt_real()));
  EXPECT_EQ(Decoded("wrapped_double", "7ff0000000000000").wrapped_double().value(),
            std::numeric_limits<double>::infinity());
  const Sample weights = Decoded("weights",
                                 "0000000100000000000002bd0000000200000001"
                                 "000000083ff0000000000000"
                                 "00000008bff0000000000000");
  ASSERT_EQ(weights.weights_size(), 2);
  EXPECT_EQ(weights.weights(1), -1);
  EXPECT_EQ(Decoded("weights", "0000000000000000000002bd").weights_size(), 0);
  Decoded("weights", "0000000100000000000002bd000000010000000100000004bff00000", false);
}

TEST(Decode, BytesInBothFormats) {
  const std::string bytes("\0\\\xff'a", 5);
  EXPECT_EQ(Decoded("data", "\\x005cff2761").data(), bytes);
  EXPECT_EQ(Decoded("data", R"(\000\\\377'a)").data(), bytes);
  EXPECT_EQ(Decoded("blobs", R"({"\\000\\\\",""})").blobs(0), std::string("\0\\", 2));
  for (const char* broken : {R"(\)", R"(a\40)", R"(\400)", R"(\08a)"}) {
    Decoded("data", broken, false);
  }
}

TEST(Decode, WhatAPageBeginsAfterIsExact) {
  const auto input = [](const char* name, std::string_view output) {
    return InputText(SampleResource().column(SampleResource().Find(name)), output);
  };
  EXPECT_EQ(input("precise", "3fb999999999999b"), "0.10000000000000002");
  EXPECT_EQ(input("real", "3dcccccd"), "0.1");
  EXPECT_EQ(input("precise", "7ff8000000000000"), "NaN");
  EXPECT_EQ(input("precise", "fff0000000000000"), "-Infinity");
  EXPECT_EQ(input("effort", "fffffffffff85ee00000000000000000"), "-00:00:00.500000");
  EXPECT_EQ(input("text", "3fb999999999999b"), "3fb999999999999b");
}

}  // namespace
}  // namespace dataservice::test
