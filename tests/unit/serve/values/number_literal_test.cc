#include "serve/values/number_literal.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include "absl/strings/str_cat.h"

namespace dataservice {
namespace {

template <typename Wrapper, typename Float>
std::string ProtoJson(Float number) {
  Wrapper wrapper;
  wrapper.set_value(number);
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(wrapper, &json).ok());
  return json;
}

template <typename Float>
std::string Converted(const std::string& text, bool json) {
  std::string value;
  std::string problem;
  EXPECT_TRUE(ConvertFloat<Float>(text, json, value, problem)) << text << ": " << problem;
  return value;
}

// jsonb compares decimal numbers: a literal must have the very digits that
// ProtoJSON gave the same number.
TEST(NumberLiteral, AreWrittenAsProtoJsonWritesThem) {
  std::mt19937_64 random(160);
  for (int i = 0; i < 20000; ++i) {
    const uint64_t bits = random();
    const auto number = std::bit_cast<double>(bits);
    const auto small = std::bit_cast<float>(static_cast<uint32_t>(bits));
    if (std::isfinite(number)) {
      const std::string json = ProtoJson<google::protobuf::DoubleValue>(number);
      EXPECT_EQ(Converted<double>(json, true), json);
    }
    if (std::isfinite(small)) {
      const std::string json = ProtoJson<google::protobuf::FloatValue>(small);
      EXPECT_EQ(Converted<float>(json, true), json);
    }
  }
  for (const char* text : {"0.1", "-0.5", "3", "1e+22", "0.30000000000000004"}) {
    EXPECT_EQ(Converted<double>(text, true), text);
  }
  EXPECT_EQ(Converted<float>("0.1000", true), "0.1");
  EXPECT_EQ(Converted<double>("Infinity", true), "1e999");
}

TEST(NumberLiteral, Limits) {
  std::string value;
  std::string problem;
  EXPECT_TRUE(ConvertFloat<double>("1.7976931348623157e308", false, value, problem));
  EXPECT_FALSE(ConvertFloat<double>("1.8e308", false, value, problem));
  EXPECT_TRUE(ConvertFloat<double>("5e-324", false, value, problem));
  EXPECT_FALSE(ConvertFloat<double>("1e-400", false, value, problem));
  EXPECT_TRUE(ConvertInteger<int64_t>("-9223372036854775808", value, problem));
  EXPECT_FALSE(ConvertInteger<int64_t>("9223372036854775808", value, problem));
  EXPECT_FALSE(ConvertInteger<uint64_t>("18446744073709551616", value, problem));
  EXPECT_FALSE(ConvertInteger<int32_t>("", value, problem));
  EXPECT_FALSE(ConvertInteger<int32_t>("-", value, problem));
}

}  // namespace
}  // namespace dataservice
