#include "serve/json/json_writer.h"

#include <gmock/gmock.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "serve/json/json_text.h"
#include "types/v1/types.pb.h"
#include "values/v1/values.pb.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using ::testing::HasSubstr;
using ::testing::Not;
using values::v1::Nest;

std::string JsonOfWire(const google::protobuf::Descriptor& type, const std::string& wire,
                       const FieldSelection* selection = nullptr) {
  JsonWriter writer(type);
  std::string out;
  std::string problem;
  if (!writer.Append(wire, nullptr, {.selection = selection}, out, problem))
    return "error: " + problem;
  EXPECT_EQ(problem, "");
  return out;
}

std::string JsonOf(const Message& message) {
  return JsonOfWire(*message.GetDescriptor(), message.SerializeAsString());
}

// The JSON of one field of a Nest.
std::string JsonOfNest(const Nest& nest, const std::string& field) {
  const std::string json = JsonOf(nest);
  const size_t begin = json.find("\"" + field + "\":");
  return begin == std::string::npos ? json : json.substr(begin + field.size() + 3);
}

std::string FloatText(float value) {
  std::string out;
  AppendJsonFloat(value, out);
  return out;
}

std::string DoubleText(double value) {
  std::string out;
  AppendJsonDouble(value, out);
  return out;
}

TEST(JsonText, WritesNumbersAsECMAScriptDoes) {
  EXPECT_EQ(DoubleText(0), "0");
  EXPECT_EQ(DoubleText(-0.0), "-0");
  EXPECT_EQ(DoubleText(1), "1");
  EXPECT_EQ(DoubleText(-1.5), "-1.5");
  EXPECT_EQ(DoubleText(0.1), "0.1");
  EXPECT_EQ(DoubleText(123456.789), "123456.789");
  EXPECT_EQ(DoubleText(1e20), "100000000000000000000");
  EXPECT_EQ(DoubleText(1e21), "1e+21");
  EXPECT_EQ(DoubleText(1.25e300), "1.25e+300");
  EXPECT_EQ(DoubleText(1e-6), "0.000001");
  EXPECT_EQ(DoubleText(1.5e-7), "1.5e-7");
  EXPECT_EQ(DoubleText(std::numeric_limits<double>::denorm_min()), "5e-324");
  EXPECT_EQ(DoubleText(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
  EXPECT_EQ(DoubleText(std::numeric_limits<double>::infinity()), "\"Infinity\"");
  EXPECT_EQ(DoubleText(-std::numeric_limits<double>::infinity()), "\"-Infinity\"");
  EXPECT_EQ(DoubleText(std::numeric_limits<double>::quiet_NaN()), "\"NaN\"");
  EXPECT_EQ(FloatText(0.1F), "0.1");
  EXPECT_EQ(FloatText(1e20F), "100000000000000000000");
  EXPECT_EQ(FloatText(16777216.0F), "16777216");
  EXPECT_EQ(FloatText(1e-7F), "1e-7");
}

TEST(JsonText, EscapesWhatJsonDemands) {
  Nest nest;
  nest.set_name(std::string("a\"\\\b\f\n\r\t\x01\x1f/<>&\x7f\xc3\xa9\xf0\x9f\x98\x80") + '\0');
  EXPECT_THAT(JsonOf(nest), HasSubstr(R"("name":"a\"\\\b\f\n\r\t\u0001\u001f/<>&)"
                                      "\x7f\xc3\xa9\xf0\x9f\x98\x80"
                                      R"(\u0000")"));
}

// Characters are examined in blocks: each place of a block, and texts around the size of one.
TEST(JsonText, EscapesACharacterAtEachPlace) {
  const std::pair<std::string_view, std::string_view> specials[] = {
      {"\"", "\\\""},   {"\\", "\\\\"},
      {"\n", "\\n"},    {"\x1f", "\\u001f"},
      {" ", " "},       {"!", "!"},
      {"\x7f", "\x7f"}, {"é", "é"},
      {"€", "€"},       {std::string_view("\0", 1), "\\u0000"}};
  for (const auto& [special, escaped] : specials) {
    for (size_t before = 0; before < 20; ++before) {
      for (size_t after = 0; after < 20; ++after) {
        const std::string begin(before, 'a'), end(after, ']');
        std::string out;
        EXPECT_TRUE(AppendJsonText(begin + std::string(special) + end, out));
        EXPECT_EQ(out, "\"" + begin + std::string(escaped) + end + "\"");
        EXPECT_FALSE(AppendJsonText(begin + "\xff" + std::string(special) + end, out));
      }
    }
  }
}

TEST(JsonWriter, WritesFieldsWithoutPresenceAlways) {
  EXPECT_EQ(JsonOf(Nest()),
            R"({"state":"STATE_UNSPECIFIED","states":[],"nests":[],"byName":{},"real":0,)"
            R"("small":0,"name":""})");
}

TEST(JsonWriter, WritesEveryScalar) {
  types::v1::Sample sample;
  sample.set_flag(true);
  sample.set_i32(-1);
  sample.set_i64(std::numeric_limits<int64_t>::min());
  sample.set_u32(4294967295);
  sample.set_u64(std::numeric_limits<uint64_t>::max());
  sample.set_s32(std::numeric_limits<int32_t>::min());
  sample.set_s64(-5);
  sample.set_f32(7);
  sample.set_f64(8);
  sample.set_sf32(-9);
  sample.set_sf64(-10);
  sample.set_data(std::string("\0\xff", 2));
  sample.set_opt_i32(0);
  const std::string json = JsonOf(sample);
  EXPECT_THAT(json, HasSubstr(R"("flag":true,"i32":-1,"i64":"-9223372036854775808",)"
                              R"("u32":4294967295,"u64":"18446744073709551615",)"
                              R"("s32":-2147483648,"s64":"-5","f32":7,"f64":"8","sf32":-9,)"
                              R"("sf64":"-10",)"));
  EXPECT_THAT(json, HasSubstr(R"("data":"AP8=")"));
  EXPECT_THAT(json, HasSubstr(R"("optI32":0)"));
  EXPECT_THAT(json, Not(HasSubstr("optI64")));
}

TEST(JsonWriter, WritesEnumsByNameOrNumber) {
  Nest nest;
  nest.set_state(static_cast<values::v1::State>(77));
  nest.add_states(values::v1::STATE_ON);
  nest.add_states(static_cast<values::v1::State>(-1));
  EXPECT_THAT(JsonOf(nest), HasSubstr(R"("state":77,"states":["STATE_ON",-1])"));
}

TEST(JsonWriter, WritesWellKnownTypes) {
  Nest nest;
  nest.mutable_effort()->set_seconds(-1);
  nest.mutable_effort()->set_nanos(-500000000);
  nest.mutable_mask()->add_paths("a_b.c");
  nest.mutable_mask()->add_paths("d");
  nest.mutable_maybe();
  auto& meta = *nest.mutable_meta()->mutable_fields();
  meta["z"].set_null_value(google::protobuf::NULL_VALUE);
  meta["a"].mutable_list_value()->add_values()->set_number_value(1.5);
  meta["b"].mutable_struct_value();
  meta["c"].set_bool_value(false);
  nest.mutable_value()->set_string_value("");
  EXPECT_EQ(JsonOf(nest),
            R"({"mask":"aB.c,d","value":"","meta":{"a":[1.5],"b":{},"c":false,"z":null},)"
            R"("effort":"-1.500s","state":"STATE_UNSPECIFIED","states":[],"nests":[],)"
            R"("byName":{},"real":0,"small":0,"name":"","maybe":0})");
}

TEST(JsonWriter, WritesTimes) {
  types::v1::Sample sample;
  const auto text = [&](int64_t seconds, int nanos) {
    sample.mutable_taken_time()->set_seconds(seconds);
    sample.mutable_taken_time()->set_nanos(nanos);
    const std::string json = JsonOf(sample);
    const size_t begin = json.find("\"takenTime\":");
    if (begin == std::string::npos) return json;
    return json.substr(begin + 12, json.find('Z', begin) + 2 - begin - 12);
  };
  EXPECT_EQ(text(0, 0), R"("1970-01-01T00:00:00Z")");
  EXPECT_EQ(text(-1, 120000000), R"("1969-12-31T23:59:59.120Z")");
  EXPECT_EQ(text(1, 1000), R"("1970-01-01T00:00:01.000001Z")");
  EXPECT_EQ(text(1, 1), R"("1970-01-01T00:00:01.000000001Z")");
  EXPECT_EQ(text(-62135596800, 0), R"("0001-01-01T00:00:00Z")");
  EXPECT_EQ(text(253402300799, 999999999), R"("9999-12-31T23:59:59.999999999Z")");
  EXPECT_EQ(text(-62135596801, 0), "error: a Timestamp is out of range");
  EXPECT_EQ(text(253402300800, 0), "error: a Timestamp is out of range");
  EXPECT_EQ(text(0, -1), "error: a Timestamp is out of range");
}

TEST(JsonWriter, WritesAny) {
  Nest inner;
  inner.set_name("x");
  Nest nest;
  nest.mutable_any()->PackFrom(inner);
  EXPECT_THAT(JsonOf(nest), HasSubstr(R"({"any":{"@type":"type.googleapis.com/values.v1.Nest",)"
                                      R"("state":"STATE_UNSPECIFIED",)"));
  google::protobuf::Duration span;
  span.set_seconds(3);
  nest.mutable_any()->PackFrom(span);
  EXPECT_THAT(JsonOf(nest), HasSubstr(R"({"any":{"@type":"type.googleapis.com/google.protobuf)"
                                      R"(.Duration","value":"3s"},)"));
  nest.mutable_any()->Clear();
  EXPECT_THAT(JsonOf(nest), HasSubstr(R"({"any":{},)"));
  nest.mutable_any()->set_type_url("type.googleapis.com/no.Such");
  EXPECT_EQ(JsonOf(nest), "error: an Any has an unknown type");
}

TEST(JsonWriter, SortsMapsByKey) {
  Nest nest;
  for (const char* key : {"b", "a", "", "\xc3\xa9"}) (*nest.mutable_by_name())[key];
  const std::string json = JsonOfNest(nest, "byName");
  EXPECT_LT(json.find("\"\":"), json.find("\"a\":"));
  EXPECT_LT(json.find("\"a\":"), json.find("\"b\":"));
  EXPECT_LT(json.find("\"b\":"), json.find("\"\xc3\xa9\":"));
}

TEST(JsonWriter, RejectsWhatProtoJsonCannotExpress) {
  Nest nest;
  nest.mutable_value();
  EXPECT_EQ(JsonOf(nest), "error: a Value has no kind");
  nest.mutable_value()->set_number_value(std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(JsonOf(nest), "error: a Value is NaN or infinite");
  for (const char* path : {"", "a__b", "aB", "a_1", "a.", "1a", "a b"}) {
    Nest other;
    other.mutable_mask()->add_paths(path);
    EXPECT_THAT(JsonOf(other), HasSubstr("error: a path of a FieldMask")) << path;
  }
  Nest span;
  span.mutable_effort()->set_seconds(1);
  span.mutable_effort()->set_nanos(-1);
  EXPECT_EQ(JsonOf(span), "error: a Duration is out of range");
  Nest deep;
  Nest* level = &deep;
  for (int i = 0; i < 101; ++i) level = level->add_nests();
  EXPECT_EQ(JsonOf(deep), "error: the message has more than 100 levels");
  EXPECT_EQ(JsonOfWire(*Nest::descriptor(), "\x6a\x02\xc3\x28"), "error: a string is not UTF-8");
}

TEST(JsonWriter, RejectsBytesThatAreNoMessage) {
  for (const std::string& wire :
       {std::string("\x6a"), std::string("\x6a\x05", 2), std::string("\x07"),
        std::string("\x00", 1), std::string("\x6a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11),
        std::string("\x0b")}) {
    EXPECT_EQ(JsonOfWire(*Nest::descriptor(), wire), "error: the bytes are no message");
  }
}

TEST(JsonWriter, MergesPartsAndKeepsTheLastOfOneof) {
  Nest first;
  first.mutable_effort()->set_seconds(5);
  Nest second;
  second.mutable_effort()->set_nanos(5000000);
  second.set_name("last");
  const std::string wire = first.SerializeAsString() + second.SerializeAsString();
  const std::string json = JsonOfWire(*Nest::descriptor(), wire);
  EXPECT_THAT(json, HasSubstr(R"("effort":"5.005s")"));
  google::protobuf::Value text;
  text.set_string_value("x");
  google::protobuf::Value flag;
  flag.set_bool_value(true);
  EXPECT_EQ(JsonOfWire(*text.GetDescriptor(), text.SerializeAsString() + flag.SerializeAsString()),
            "true");
  EXPECT_EQ(JsonOfWire(*text.GetDescriptor(), flag.SerializeAsString() + text.SerializeAsString()),
            "\"x\"");
}

TEST(JsonWriter, WritesOnlySelectedFields) {
  Nest nest;
  nest.set_name("x");
  nest.mutable_date()->set_year(2000);
  nest.mutable_effort()->set_seconds(1);
  Resource resource;
  resource.message = Nest::descriptor();
  for (const char* name : {"name", "real"}) {
    Column column;
    column.field = Nest::descriptor()->FindFieldByName(name);
    resource.columns.push_back(column);
  }
  const ReadMask mask{.columns = {0, 1}, .sub_fields = {"date.year", "date.day"}};
  const auto selection = FieldSelection::OfMask(resource, mask);
  EXPECT_EQ(JsonOfWire(*Nest::descriptor(), nest.SerializeAsString(), selection.get()),
            R"({"real":0,"date":{"year":2000,"day":0},"name":"x"})");
  Nest page;
  *page.add_nests() = nest;
  const auto rows = FieldSelection::OfRows(*Nest::descriptor()->FindFieldByName("nests"),
                                           FieldSelection::OfMask(resource, mask));
  EXPECT_THAT(JsonOfWire(*Nest::descriptor(), page.SerializeAsString(), rows.get()),
              HasSubstr(R"("nests":[{"real":0,"date":{"year":2000,"day":0},"name":"x"}],)"));
}

TEST(JsonWriter, LeavesHiddenFieldsOut) {
  Nest nest;
  nest.set_name("x");
  nest.add_nests()->set_name("y");
  JsonWriter writer(*Nest::descriptor());
  const FieldSet hidden = {Nest::descriptor()->FindFieldByName("name")};
  std::string out;
  std::string problem;
  ASSERT_TRUE(writer.Append(nest.SerializeAsString(), nullptr, {.hidden = &hidden}, out, problem));
  EXPECT_THAT(out, testing::Not(HasSubstr("name")));
  EXPECT_THAT(out, HasSubstr("nests"));
}

TEST(JsonWriter, WritesOneField) {
  Nest nest;
  nest.mutable_effort()->set_seconds(3);
  JsonWriter writer(*Nest::descriptor());
  const auto part = [&](const char* name) {
    std::string out;
    std::string problem;
    EXPECT_TRUE(writer.Append(nest.SerializeAsString(), Nest::descriptor()->FindFieldByName(name),
                              {}, out, problem));
    return out;
  };
  EXPECT_EQ(part("effort"), "\"3s\"");
  EXPECT_EQ(part("date"), "null");
  EXPECT_EQ(part("name"), "\"\"");
  EXPECT_EQ(part("nests"), "[]");
}

TEST(JsonWriter, WritesElementsThatAreJsonAlready) {
  types::v1::ListSamplesResponse page;
  page.add_samples();
  page.set_total_size(2);
  JsonWriter writer(*page.GetDescriptor());
  const JsonElements elements{page.GetDescriptor()->FindFieldByName("samples"), "{},{}"};
  std::string out;
  std::string problem;
  EXPECT_TRUE(
      writer.Append(page.SerializeAsString(), nullptr, {.elements = elements}, out, problem));
  EXPECT_EQ(out, R"({"samples":[{},{}],"totalSize":2})");
  out.clear();
  EXPECT_TRUE(writer.Append("", elements.field, {.elements = elements}, out, problem));
  EXPECT_EQ(out, "[{},{}]");
}

TEST(JsonWriter, WritesSingleMembers) {
  const JsonWriter writer(*types::v1::Sample::descriptor());
  types::v1::Sample sample;
  sample.add_labels("a");
  std::string out;
  bool comma = false;
  for (const JsonField& field : writer.fields()) {
    const std::string& name = field.field->name();
    if (name == "text") EXPECT_TRUE(writer.AppendStringMember(field, "\"", comma, out));
    if (name == "i32" || name == "opt_i32") {
      EXPECT_TRUE(writer.AppendMember(field, "", nullptr, comma, out));
    }
    if (name == "labels") {
      EXPECT_TRUE(writer.AppendMember(field, sample.SerializeAsString(), nullptr, comma, out));
    }
    if (name == "i64") EXPECT_FALSE(writer.AppendMember(field, "\x80", nullptr, comma, out));
  }
  EXPECT_EQ(out, R"("i32":0,"text":"\"","labels":["a"])");
}

TEST(JsonWriter, WritesScalarsAsText) {
  types::v1::Sample sample;
  sample.set_i64(-7);
  sample.set_flag(true);
  sample.set_opt_text("a \"b\"\n");
  sample.mutable_taken_time()->set_seconds(5);
  JsonWriter writer(*sample.GetDescriptor());
  const auto text = [&](std::vector<const char*> names) {
    std::vector<const FieldDescriptor*> path;
    const auto* message = sample.GetDescriptor();
    for (const char* name : names) {
      path.push_back(message->FindFieldByName(name));
      message = path.back()->message_type();
    }
    std::string out;
    std::string problem;
    EXPECT_TRUE(writer.AppendText(sample.SerializeAsString(), path, out, problem)) << problem;
    return out;
  };
  EXPECT_EQ(text({"i64"}), "-7");
  EXPECT_EQ(text({"u64"}), "0");
  EXPECT_EQ(text({"flag"}), "true");
  EXPECT_EQ(text({"opt_text"}), "a \"b\"\n");
  EXPECT_EQ(text({"taken_time", "seconds"}), "5");
  EXPECT_EQ(text({"taken_time", "nanos"}), "0");
}

// Gives fields values at random, odd ones among them.
class Filler {
 public:
  explicit Filler(uint32_t seed) : random_(seed) {}

  void Fill(Message& message, int depth) {
    const Reflection& reflection = *message.GetReflection();
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor& field = *message.GetDescriptor()->field(i);
      if (Below(2) == 0 || depth > 3) continue;
      if (field.is_repeated()) {
        for (int n = Below(4); n > 0; --n) Add(message, reflection, field, depth);
      } else {
        Set(message, reflection, field, depth);
      }
    }
  }

  int Below(int limit) { return static_cast<int>(random_() % static_cast<uint32_t>(limit)); }

 private:
  void Set(Message& m, const Reflection& r, const FieldDescriptor& f, int depth) {
    switch (f.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return r.SetBool(&m, &f, Below(2) == 1);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return r.SetDouble(&m, &f, Number());
      case FieldDescriptor::CPPTYPE_FLOAT:
        return r.SetFloat(&m, &f, static_cast<float>(Number()));
      case FieldDescriptor::CPPTYPE_INT32:
        return r.SetInt32(&m, &f, static_cast<int32_t>(random_()));
      case FieldDescriptor::CPPTYPE_INT64:
        return r.SetInt64(&m, &f, static_cast<int64_t>(Long()));
      case FieldDescriptor::CPPTYPE_UINT32:
        return r.SetUInt32(&m, &f, static_cast<uint32_t>(random_()));
      case FieldDescriptor::CPPTYPE_UINT64:
        return r.SetUInt64(&m, &f, Long());
      case FieldDescriptor::CPPTYPE_ENUM:
        return r.SetEnumValue(&m, &f, f.enum_type()->value(0)->number());
      case FieldDescriptor::CPPTYPE_STRING:
        return r.SetString(&m, &f, Text());
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return FillMessage(*r.MutableMessage(&m, &f), depth);
    }
  }

  void Add(Message& m, const Reflection& r, const FieldDescriptor& f, int depth) {
    switch (f.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return r.AddBool(&m, &f, Below(2) == 1);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return r.AddDouble(&m, &f, Number());
      case FieldDescriptor::CPPTYPE_FLOAT:
        return r.AddFloat(&m, &f, static_cast<float>(Number()));
      case FieldDescriptor::CPPTYPE_INT32:
        return r.AddInt32(&m, &f, static_cast<int32_t>(random_()));
      case FieldDescriptor::CPPTYPE_INT64:
        return r.AddInt64(&m, &f, static_cast<int64_t>(Long()));
      case FieldDescriptor::CPPTYPE_UINT32:
        return r.AddUInt32(&m, &f, static_cast<uint32_t>(random_()));
      case FieldDescriptor::CPPTYPE_UINT64:
        return r.AddUInt64(&m, &f, Long());
      case FieldDescriptor::CPPTYPE_ENUM:
        return r.AddEnumValue(&m, &f, f.enum_type()->value(0)->number());
      case FieldDescriptor::CPPTYPE_STRING:
        return r.AddString(&m, &f, Text());
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return FillMessage(*r.AddMessage(&m, &f), depth);
    }
  }

  // Those with a form of their own get values that the form can express.
  void FillMessage(Message& message, int depth) {
    if (message.GetDescriptor()->file()->package() != "google.protobuf") {
      Fill(message, depth + 1);
    } else if (auto* time = dynamic_cast<google::protobuf::Timestamp*>(&message)) {
      time->set_seconds(static_cast<int64_t>(random_()));
      time->set_nanos(Below(1000) * 1000);
    } else if (auto* span = dynamic_cast<google::protobuf::Duration*>(&message)) {
      span->set_seconds(Below(1000));
    } else if (message.GetDescriptor()->field(0)->name() == "value") {
      Set(message, *message.GetReflection(), *message.GetDescriptor()->field(0), depth);
    }
  }

  uint64_t Long() { return (static_cast<uint64_t>(random_()) << 32) | random_(); }
  double Number() {
    constexpr double kNumbers[] = {0, 1, -1.5, 0.1, 1e-7, 1e21, 123456789.125, 3e38};
    return kNumbers[Below(8)];
  }
  std::string Text() {
    const char* const texts[] = {"", "a", "\xc3\xa9\n", "\"q\"", "long text that is no number"};
    return texts[Below(5)];
  }

  std::mt19937 random_;
};

TEST(JsonWriter, WritesWhatReadsBackAsTheMessage) {
  Filler filler(7);
  for (int i = 0; i < 500; ++i) {
    types::v1::Sample sample;
    filler.Fill(sample, 0);
    const std::string json = JsonOf(sample);
    types::v1::Sample back;
    const auto status = google::protobuf::util::JsonStringToMessage(json, &back);
    ASSERT_TRUE(status.ok()) << status << json;
    ASSERT_TRUE(google::protobuf::util::MessageDifferencer::Equals(sample, back)) << json;
  }
}

// Whatever the bytes are, the writer ends, and what Protobuf reads in them it writes.
TEST(JsonWriter, AgreesWithProtobufOnDamagedBytes) {
  Filler filler(11);
  const google::protobuf::LogSilencer quiet;
  int compared = 0;
  for (int i = 0; i < 3000; ++i) {
    types::v1::Sample sample;
    filler.Fill(sample, 0);
    std::string wire = sample.SerializeAsString();
    if (wire.empty()) continue;
    wire[static_cast<size_t>(filler.Below(static_cast<int>(wire.size())))] ^=
        static_cast<char>(1 << filler.Below(8));
    if (i % 3 == 0) wire += sample.SerializeAsString();
    const std::string json = JsonOfWire(*sample.GetDescriptor(), wire);
    types::v1::Sample decoded;
    if (!decoded.ParseFromString(wire)) continue;
    if (json.rfind("error", 0) == 0) continue;
    ++compared;
    ASSERT_EQ(json, JsonOf(decoded));
  }
  EXPECT_GT(compared, 500);
}

}  // namespace
}  // namespace dataservice
