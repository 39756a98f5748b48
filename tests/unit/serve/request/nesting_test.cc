#include "serve/request/nesting.h"

#include <gmock/gmock.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "serve/request/parse.h"

namespace dataservice::test {
namespace {

using google::protobuf::Message;
using google::protobuf::io::ArrayInputStream;
using testing::HasSubstr;

const Message& Prototype() {
  static const InlineContract& contract =
      *new InlineContract(std::map<std::string, std::string>{{"test/v1/test.proto", R"(
        import "google/protobuf/struct.proto";
        message Thing {
          option (storage.v1.table) = {};
          string id = 1 [(google.api.field_behavior) = IDENTIFIER];
          google.protobuf.Value meta = 2;
          map<string, Node> nodes = 3;
        }
        message Node { Node child = 1; string name = 2; }
        message Batch { repeated Thing requests = 1; }
      )"}});
  static auto& factory = *new google::protobuf::DynamicMessageFactory;
  const auto& file = *contract.resource().message->file();
  return *factory.GetPrototype(file.FindMessageTypeByName("Batch"));
}

// The field of that number and type message, as bytes.
std::string Field(int number, const std::string& content) {
  std::string bytes(1, static_cast<char>(number << 3 | 2));
  for (size_t size = content.size(); true; size >>= 7) {
    bytes.push_back(static_cast<char>((size & 0x7f) | (size > 0x7f ? 0x80 : 0)));
    if (size <= 0x7f) break;
  }
  return bytes + content;
}

// A batch of two things, whose second has this.
std::string Batch(const std::string& thing) { return Field(1, "") + Field(1, thing); }

// So many lists within one another.
std::string Lists(int depth) {
  std::string value = Field(3, "true");
  for (int i = 0; i < depth; ++i) value = Field(6, Field(1, value));
  return Batch(Field(2, value));
}

std::string Nodes(int depth) {
  std::string node = Field(2, "leaf");
  for (int i = 1; i < depth; ++i) node = Field(1, node);
  return Batch(Field(3, Field(1, "key") + Field(2, node)));
}

std::optional<std::string> TooDeep(const std::string& bytes) {
  // In pieces, as they come from a network.
  ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()), 7);
  return FindTooDeep(*Prototype().GetDescriptor(), stream);
}

absl::Status Parsed(const std::string& bytes) {
  ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  google::protobuf::Arena arena;
  RequestContext context;
  context.reread = [&] {
    return std::make_unique<ArrayInputStream>(bytes.data(), static_cast<int>(bytes.size()));
  };
  return ParseRequest(Prototype(), stream, arena, context).status();
}

TEST(Nesting, IsFoundWhereTheParserEnds) {
  // 100 messages are within the request: the thing, the value, and two a list.
  EXPECT_EQ(Parsed(Lists(49)), absl::OkStatus());
  EXPECT_EQ(TooDeep(Lists(49)), std::nullopt);
  EXPECT_THAT(std::string(Parsed(Lists(50)).message()),
              HasSubstr("requests[1].meta: is nested too deep: at most 100 messages"));
  EXPECT_EQ(TooDeep(Lists(50)), "requests[1].meta");
  EXPECT_EQ(TooDeep(Lists(5000)), "requests[1].meta");
  // The thing, the map's entry, and one a node.
  EXPECT_EQ(Parsed(Nodes(98)), absl::OkStatus());
  EXPECT_EQ(TooDeep(Nodes(98)), std::nullopt);
  EXPECT_FALSE(Parsed(Nodes(99)).ok());
  EXPECT_THAT(TooDeep(Nodes(99)).value_or(""),
              testing::MatchesRegex("requests\\[1\\].nodes(\\.child)+"));
}

TEST(Nesting, IsNotBlamedForOtherFaults) {
  for (const std::string& bytes :
       {std::string("\x0a\x05xx"), std::string("\xff\xff"), std::string(5000, '\x0b'),
        Lists(20).substr(0, 60), Batch(Field(1, "\xff"))}) {
    EXPECT_THAT(std::string(Parsed(bytes).message()), HasSubstr("is no message")) << bytes;
  }
}

}  // namespace
}  // namespace dataservice::test
