#include "serve/values/wire.h"

#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

namespace dataservice {
namespace {

// Protobuf's own bytes of field 1.
std::string Canonical(const std::string& bytes) {
  google::protobuf::BytesValue message;
  message.set_value(bytes);
  // A field without presence would leave an empty value out.
  return bytes.empty() ? std::string("\x0a\0", 2) : message.SerializeAsString();
}

// Each side of the sizes where the length takes another byte.
constexpr size_t kSizes[] = {0, 1, 127, 128, 16383, 16384, 2097152};

TEST(Wire, FieldIsProtobufs) {
  for (const size_t size : kSizes) {
    const std::string bytes(size, 'x');
    std::string out = "before";
    AppendField(1, bytes, out);
    EXPECT_EQ(out, "before" + Canonical(bytes)) << size;
  }
}

TEST(Wire, OpenFieldIsTheSameWhateverWasExpected) {
  for (const size_t expected : kSizes) {
    for (const size_t size : kSizes) {
      const std::string bytes(size, 'x');
      std::string out = "before";
      OpenField field(1, expected, out);
      out += bytes;
      EXPECT_EQ(field.Close(), size);
      EXPECT_TRUE(out == "before" + Canonical(bytes)) << size << ", expected " << expected;
    }
  }
}

TEST(Wire, OpenFieldsNest) {
  std::string out;
  OpenField outer(1, 0, out);
  OpenField inner(1, 1000, out);
  out.append(200, 'x');
  EXPECT_EQ(inner.Close(), 200u);
  EXPECT_EQ(outer.Close(), 203u);
  EXPECT_EQ(out, Canonical(Canonical(std::string(200, 'x'))));
}

TEST(Wire, HighestFieldNumber) {
  std::string out;
  AppendField(536870911, "x", out);
  EXPECT_EQ(out, "\xfa\xff\xff\xff\x0f\x01x");
}

}  // namespace
}  // namespace dataservice
