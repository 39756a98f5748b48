// Every type, through create, read, update and list.
#include <google/protobuf/util/message_differencer.h>

#include <cmath>
#include <limits>

#include "engine_fixture.h"

namespace dataservice::test {
namespace {

using google::protobuf::util::MessageDifferencer;
using types::v1::Sample;

// Without what the server sets.
Sample Bare(Sample sample) {
  sample.clear_create_time();
  sample.clear_update_time();
  sample.clear_etag();
  return sample;
}

class TypesTest : public EngineTest {
 protected:
  Sample Create(const Sample& sample) {
    types::v1::CreateSampleRequest request;
    *request.mutable_sample() = sample;
    Sample made;
    const auto status = engine_.Call("SampleService/CreateSample", request, made);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return made;
  }
  Sample Get(const std::string& id) {
    types::v1::GetSampleRequest request;
    request.set_id(id);
    Sample sample;
    const auto status = engine_.Call("SampleService/GetSample", request, sample);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return sample;
  }
  // Creates it and expects the same back from create, get, list and psql's view.
  void ExpectStored(Sample sample) {
    const Sample made = Create(sample);
    sample.set_id(made.id());
    MessageDifferencer differ;
    differ.set_message_field_comparison(MessageDifferencer::EQUAL);
    google::protobuf::util::DefaultFieldComparator comparator;
    comparator.set_treat_nan_as_equal(true);
    differ.set_field_comparator(&comparator);
    std::string report;
    differ.ReportDifferencesToString(&report);
    EXPECT_TRUE(differ.Compare(sample, Bare(made))) << report;
    report.clear();
    EXPECT_TRUE(differ.Compare(made, Get(made.id()))) << report;
    types::v1::ListSamplesRequest list;
    list.set_page_size(1000);
    types::v1::ListSamplesResponse page;
    EXPECT_TRUE(engine_.Call("SampleService/ListSamples", list, page).ok());
    bool found = false;
    for (const Sample& row : page.samples()) found = found || differ.Compare(made, row);
    EXPECT_TRUE(found);
  }
};

TEST_F(TypesTest, Empty) { ExpectStored(Sample()); }

TEST_F(TypesTest, Extremes) {
  Sample s;
  s.set_flag(true);
  s.set_i32(std::numeric_limits<int32_t>::min());
  s.set_i64(std::numeric_limits<int64_t>::min());
  s.set_u32(std::numeric_limits<uint32_t>::max());
  s.set_u64(std::numeric_limits<uint64_t>::max());
  s.set_s32(std::numeric_limits<int32_t>::max());
  s.set_s64(std::numeric_limits<int64_t>::max());
  s.set_f32(std::numeric_limits<uint32_t>::max());
  s.set_f64(std::numeric_limits<uint64_t>::max());
  s.set_sf32(-1);
  s.set_sf64(-1);
  s.set_real(std::numeric_limits<float>::denorm_min());
  s.set_precise(std::numeric_limits<double>::max());
  s.set_text("\" ' \\ { } , NULL \n\t \xF0\x9F\x93\x9A");
  s.set_data(std::string("\0\x01\xff\\\"", 5));
  s.set_origin(types::v1::ORIGIN_LOST);
  ExpectStored(s);
}

TEST_F(TypesTest, SpecialFloats) {
  Sample s;
  s.set_real(-std::numeric_limits<float>::infinity());
  s.set_precise(std::nan(""));
  s.set_opt_precise(std::numeric_limits<double>::infinity());
  s.set_opt_real(std::nanf(""));
  ExpectStored(s);
  Sample zero;
  zero.set_precise(-0.0);
  EXPECT_TRUE(std::signbit(Get(Create(zero).id()).precise()));
}

TEST_F(TypesTest, PresentZeros) {
  Sample s;
  s.set_opt_flag(false);
  s.set_opt_i32(0);
  s.set_opt_i64(0);
  s.set_opt_u32(0);
  s.set_opt_u64(0);
  s.set_opt_real(0);
  s.set_opt_precise(0);
  s.set_opt_text("");
  s.set_opt_data("");
  s.set_opt_origin(types::v1::ORIGIN_UNSPECIFIED);
  s.mutable_wrapped_flag();
  s.mutable_wrapped_i32();
  s.mutable_wrapped_u64();
  s.mutable_wrapped_double();
  s.mutable_wrapped_text();
  s.mutable_wrapped_data();
  s.mutable_taken_time();
  s.mutable_effort();
  s.mutable_part();
  s.set_note("");
  ExpectStored(s);
}

TEST_F(TypesTest, TextsThatLookLikeZero) {
  for (const char* text : {"0", "f", "\\x", "NULL"}) {
    Sample s;
    s.set_text(text);
    s.set_opt_text(text);
    s.mutable_wrapped_text()->set_value(text);
    s.mutable_wrapped_data()->set_value(text);
    ExpectStored(s);
  }
}

TEST_F(TypesTest, Times) {
  Sample s;
  s.mutable_taken_time()->set_seconds(-62135596800);
  s.mutable_effort()->set_seconds(-315576000000);
  s.mutable_due_date()->set_year(1);
  s.mutable_due_date()->set_month(1);
  s.mutable_due_date()->set_day(1);
  ExpectStored(s);
  s.mutable_taken_time()->set_seconds(253402300799);
  s.mutable_taken_time()->set_nanos(999999000);
  s.mutable_effort()->set_seconds(315576000000);
  s.mutable_due_date()->set_year(9999);
  s.mutable_due_date()->set_month(12);
  s.mutable_due_date()->set_day(31);
  ExpectStored(s);
  s.mutable_effort()->set_seconds(0);
  s.mutable_effort()->set_nanos(-1000);
  ExpectStored(s);
}

TEST_F(TypesTest, NanosecondsAreTruncated) {
  Sample s;
  s.mutable_taken_time()->set_seconds(253402300799);
  s.mutable_taken_time()->set_nanos(999999999);
  EXPECT_EQ(Create(s).taken_time().nanos(), 999999000);
}

TEST_F(TypesTest, ListsMapsAndMessages) {
  Sample s;
  for (int i = 0; i < 1000; ++i) s.add_numbers(i - 500);
  for (const char* text : {"", "NULL", "null", "a,b", "\"", "\\", "{}", " x "}) s.add_labels(text);
  s.add_weights(-0.5);
  s.add_weights(std::numeric_limits<double>::infinity());
  s.add_flags(false);
  s.add_flags(true);
  s.add_blobs(std::string("\0\\\"", 3));
  s.add_blobs("");
  s.add_origins(types::v1::ORIGIN_FIELD);
  s.add_bigs(std::numeric_limits<uint64_t>::max());
  auto* part = s.mutable_part();
  part->set_name("\"{}\\");
  part->set_share(0.1);
  part->mutable_seen_time()->set_seconds(7);
  part->add_parts()->add_parts()->set_name("deep");
  *s.add_parts() = *part;
  s.add_parts();
  (*s.mutable_counts())[""] = 0;
  (*s.mutable_counts())["a\":{"] = -3;
  (*s.mutable_by_number())[-7] = *part;
  s.mutable_price()->set_currency_code("EUR");
  s.mutable_price()->set_units(-9007199254740993);
  s.mutable_price()->set_nanos(-1);
  s.set_code(5);
  ExpectStored(s);
}

TEST_F(TypesTest, LargeValues) {
  Sample s;
  s.set_text(std::string(1 << 20, 'x'));
  s.set_data(std::string(1 << 20, '\0'));
  ExpectStored(s);
}

TEST_F(TypesTest, AnUpdateSetsAndClears) {
  Sample s;
  s.set_opt_text("here");
  s.set_note("a note");
  s.add_labels("x");
  s.set_i32(5);
  const Sample made = Create(s);
  types::v1::UpdateSampleRequest request;
  request.mutable_sample()->set_id(made.id());
  request.mutable_sample()->set_code(9);
  for (const char* path : {"opt_text", "labels", "code"}) {
    request.mutable_update_mask()->add_paths(path);
  }
  Sample changed;
  ASSERT_TRUE(engine_.Call("SampleService/UpdateSample", request, changed).ok());
  EXPECT_FALSE(changed.has_opt_text());
  EXPECT_EQ(changed.content_case(), Sample::kCode);
  EXPECT_EQ(changed.labels_size(), 0);
  EXPECT_EQ(changed.i32(), 5);
  EXPECT_NE(changed.etag(), made.etag());
  EXPECT_EQ(changed.create_time().seconds(), made.create_time().seconds());
}

TEST_F(TypesTest, FieldsInsideAMessageChangeAlone) {
  Sample s;
  s.mutable_part()->set_name("kept");
  s.mutable_part()->set_share(1);
  const std::string id = Create(s).id();
  const auto update = [&](Sample row, std::initializer_list<const char*> paths) {
    types::v1::UpdateSampleRequest request;
    *request.mutable_sample() = std::move(row);
    request.mutable_sample()->set_id(id);
    for (const char* path : paths) request.mutable_update_mask()->add_paths(path);
    Sample changed;
    const auto status = engine_.Call("SampleService/UpdateSample", request, changed);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return changed;
  };
  Sample row;
  row.mutable_part()->set_share(2);
  Sample changed = update(row, {"part.share"});
  EXPECT_EQ(changed.part().name(), "kept");
  EXPECT_EQ(changed.part().share(), 2);
  changed = update({}, {"part.share"});
  EXPECT_EQ(changed.part().name(), "kept");
  EXPECT_EQ(changed.part().share(), 0);
  row.mutable_part()->add_parts()->set_name("inner");
  row.mutable_part()->mutable_seen_time()->set_seconds(5);
  changed = update(row, {"part.parts", "part.seen_time"});
  EXPECT_EQ(changed.part().name(), "kept");
  EXPECT_EQ(changed.part().parts(0).name(), "inner");
  EXPECT_EQ(changed.part().seen_time().seconds(), 5);
  changed = update({}, {"part"});
  EXPECT_FALSE(changed.has_part());
}

TEST_F(TypesTest, TheDatabaseHoldsTheRulesToo) {
  const std::string insert = "INSERT INTO types.tally VALUES ";
  EXPECT_NE(Sql(insert + "(1, 2, 'red')").find("tally_value_range"), std::string::npos);
  EXPECT_NE(Sql(insert + "(1, 'NaN', 'red')").find("tally_value_range"), std::string::npos);
  EXPECT_NE(Sql(insert + "(1, 1, 'blue')").find("tally_colour_in"), std::string::npos);
  EXPECT_EQ(Sql(insert + "(1, 1, 'red')"), "");
  const auto with = [&](const std::string& column, const std::string& value) {
    return Sql("INSERT INTO types.sample (id, " + column + ") VALUES (gen_random_uuid(), " + value +
               ")");
  };
  EXPECT_NE(with("u64", "-1").find("sample_u64_type"), std::string::npos);
  EXPECT_NE(with("origin", "7").find("sample_origin_type"), std::string::npos);
  EXPECT_NE(with("taken_time", "'infinity'").find("sample_taken_time_type"), std::string::npos);
  EXPECT_NE(with("numbers", "'{1,NULL}'").find("sample_numbers_array"), std::string::npos);
  EXPECT_NE(with("note, code", "'', 1").find("sample_content_oneof"), std::string::npos);
}

}  // namespace
}  // namespace dataservice::test
