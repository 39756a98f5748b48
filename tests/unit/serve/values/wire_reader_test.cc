#include "serve/values/wire_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dataservice {
namespace {

// "1=5 2:text" of the fields of a message, and "!" where it is none.
std::string Read(const std::string& wire) {
  std::string out;
  WireReader reader(wire);
  for (WireField field; reader.Next(field);) {
    if (!out.empty()) out += ' ';
    out += std::to_string(field.number);
    out += field.type == WireType::kBytes ? ":" + std::string(field.bytes)
                                          : "=" + std::to_string(field.value);
  }
  return reader.ok() ? out : out + "!";
}

TEST(WireReader, ReadsNumbersAndBytesAndSkipsGroups) {
  EXPECT_EQ(Read(""), "");
  EXPECT_EQ(Read(std::string("\x08\x05\x12\x04text\x12\x00", 10)), "1=5 2:text 2:");
  EXPECT_EQ(Read("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), "1=18446744073709551615");
  // A fixed64, a fixed32, a group with a field, and then a number.
  EXPECT_EQ(Read("\x09"
                 "12345678"
                 "\x0d"
                 "1234"
                 "\x0b\x10\x01\x0c"
                 "\x18\x07"),
            "1=4050765991979987505 1=875770417 3=7");
}

TEST(WireReader, RejectsWhatIsNoMessage) {
  const std::vector<std::string> wires = {
      "\x08",                                              // no value
      "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",  // a varint of 11 bytes
      "\x12\x05text",                                      // bytes that end early
      "\x12\xff\xff\xff\xff\x0f",                          // a negative length
      "\x09"
      "1234567",                                       // a fixed64 of seven bytes
      "\x0c",                                          // the end of no group
      "\x0b\x10\x01",                                  // a group without an end
      "\x0b\x14",                                      // the end of another group
      std::string("\x00", 1),                          // the field 0
      "\x07",                                          // the field 0 of no wire type
      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",  // no tag
      std::string(200, '\x0b'),                        // groups in groups
  };
  for (const std::string& wire : wires) {
    EXPECT_THAT(Read(wire), ::testing::EndsWith("!")) << testing::PrintToString(wire);
  }
}

}  // namespace
}  // namespace dataservice
