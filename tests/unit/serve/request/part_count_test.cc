#include "serve/request/part_count.h"

#include <gmock/gmock.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "engine_limits.h"
#include "google/rpc/error_details.pb.h"
#include "serve/errors/details.h"
#include "serve/request/parse.h"

namespace dataservice::test {
namespace {

using google::protobuf::Message;
using google::protobuf::io::ArrayInputStream;
using Result = PartCount::Result;

const Message& Prototype() {
  static const InlineContract& contract =
      *new InlineContract(std::map<std::string, std::string>{{"test/v1/test.proto", R"(
        import "google/protobuf/struct.proto";
        message Thing {
          option (storage.v1.table) = {};
          string id = 1 [(google.api.field_behavior) = IDENTIFIER];
        }
        message Batch {
          repeated Element requests = 1;
          repeated string texts = 2;
          repeated int64 numbers = 3;
          repeated double doubles = 4;
          map<string, Element> elements = 5;
          map<string, int32> counts = 6;
          google.protobuf.Value value = 7;
          repeated google.protobuf.Timestamp times = 8;
          oneof either { string text = 9; Element element = 10; }
        }
        message Element { Element child = 1; string name = 2; repeated Element all = 3; }
      )"}});
  static auto& factory = *new google::protobuf::DynamicMessageFactory;
  const auto& file = *contract.resource().message->file();
  return *factory.GetPrototype(file.FindMessageTypeByName("Batch"));
}

std::string Length(size_t size) {
  std::string bytes;
  for (; size > 0x7f; size >>= 7) bytes.push_back(static_cast<char>((size & 0x7f) | 0x80));
  bytes.push_back(static_cast<char>(size));
  return bytes;
}

// A field with its length.
std::string Field(int number, const std::string& content = "") {
  return std::string(1, static_cast<char>(number << 3 | 2)) + Length(content.size()) + content;
}

std::string Repeated(int count, const std::string& bytes) {
  std::string all;
  all.reserve(static_cast<size_t>(count) * bytes.size());
  for (int i = 0; i < count; ++i) all += bytes;
  return all;
}

PartCount Count(const std::string& bytes) {
  // In pieces, as they come from a network.
  ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()), 1000);
  return CountParts(*Prototype().GetDescriptor(), stream);
}

Result ResultOf(const std::string& bytes) { return Count(bytes).result; }

std::string FieldOf(const PartCount& count) {
  return count.field == nullptr ? "" : count.field->name();
}

// A request whose bytes arrive in pieces.
class Request {
 public:
  explicit Request(std::string bytes) : bytes_(std::move(bytes)) {
    context_.reread = [this] {
      ++rereads_;
      return Stream();
    };
  }

  absl::Status Parse() {
    const auto stream = Stream();
    return ParseRequest(Prototype(), *stream, arena_, context_).status();
  }

  // The field of the only violation.
  std::string BrokenField() {
    const absl::Status status = Parse();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    google::rpc::BadRequest broken;
    EXPECT_TRUE(FindDetail(status, broken));
    EXPECT_EQ(broken.field_violations_size(), 1);
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr("has too much in it"));
    return broken.field_violations_size() == 1 ? broken.field_violations(0).field() : "";
  }

  int rereads() const { return rereads_; }
  uint64_t memory() const { return arena_.SpaceAllocated(); }

 private:
  std::unique_ptr<ArrayInputStream> Stream() const {
    return std::make_unique<ArrayInputStream>(bytes_.data(), static_cast<int>(bytes_.size()),
                                              16 * 1024);
  }

  const std::string bytes_;
  google::protobuf::Arena arena_;
  RequestContext context_;
  int rereads_ = 0;
};

TEST(PartCount, OfMessages) {
  EXPECT_EQ(ResultOf(Repeated(kMaxRequestMessages, Field(1))), Result::kFits);
  const PartCount count = Count(Repeated(kMaxRequestMessages + 1, Field(1)));
  EXPECT_EQ(count.result, Result::kTooMany);
  EXPECT_EQ(FieldOf(count), "requests");
  // Wherever they are.
  const int half = kMaxRequestMessages / 2;
  EXPECT_EQ(ResultOf(Repeated(half, Field(1, Field(1)))), Result::kFits);
  EXPECT_EQ(ResultOf(Repeated(half, Field(1, Field(1))) + Field(1)), Result::kTooMany);
  EXPECT_EQ(ResultOf(Field(1, Repeated(kMaxRequestMessages, Field(3)))), Result::kTooMany);
  EXPECT_EQ(ResultOf(Repeated(kMaxRequestMessages + 1, Field(5, Field(2)))), Result::kTooMany);
}

TEST(PartCount, OfValues) {
  const int most = kMaxRequestValues + 1;  // with the first field, which is not counted
  const std::string entry = Field(6, Field(1, "k") + std::string("\x10\x01"));
  const std::string time = Field(8, std::string("\x08\x01\x10\x01"));
  const std::string unknown = "\x78\x01";
  const std::string number = "\x18\x01";
  for (const std::string& value : {Field(2), Field(2, "text"), entry, time, unknown, number}) {
    EXPECT_EQ(ResultOf(Repeated(most, value)), Result::kFits) << value;
    EXPECT_EQ(ResultOf(Repeated(most + 1, value)), Result::kTooMany) << value;
  }
  EXPECT_EQ(FieldOf(Count(Repeated(most + 1, Field(2)))), "texts");
  EXPECT_EQ(FieldOf(Count(Repeated(most + 1, unknown))), "");
}

TEST(PartCount, OfPackedNumbers) {
  const int most = kMaxRequestValues + 1;
  EXPECT_EQ(ResultOf(Field(3, std::string(most, '\x01'))), Result::kFits);
  EXPECT_EQ(ResultOf(Field(3, std::string(most + 1, '\x01'))), Result::kTooMany);
  EXPECT_EQ(ResultOf(Field(3, Repeated(most, "\x80\x01"))), Result::kFits);
  // Which are as large in memory.
  EXPECT_EQ(ResultOf(Field(4, std::string(8'000'000, '\x01'))), Result::kFits);
  EXPECT_EQ(ResultOf(Repeated(most + 1, Field(4))), Result::kTooMany);
}

TEST(PartCount, OfUnknownGroups) {
  const std::string group = "\x7b\x7c";
  EXPECT_EQ(ResultOf(Repeated(1000, group)), Result::kFits);
  EXPECT_EQ(ResultOf(Repeated(kMaxRequestValues + 2, group)), Result::kTooMany);
  EXPECT_EQ(ResultOf("\x7b" + Repeated(kMaxRequestValues + 1, Field(1)) + "\x7c"),
            Result::kTooMany);
}

// A message that is set again and again keeps what it had.
TEST(PartCount, OfMembersOfAOneof) {
  EXPECT_EQ(ResultOf(Repeated(kMaxRequestMessages + 1, Field(9) + Field(10))), Result::kTooMany);
}

// What the gateway accepts (gateway/limits: BodyValues).
TEST(PartCount, JsonHasAsManyValuesAsTheGatewayAccepts) {
  const std::string number = "\x11" + std::string(8, '\x01');
  const auto list = [&](int size) { return Field(7, Field(6, Repeated(size, Field(1, number)))); };
  EXPECT_EQ(ResultOf(list(kMaxRequestValues + 1)), Result::kFits);
  EXPECT_EQ(ResultOf(list(kMaxRequestValues + 2)), Result::kTooMany);
  const std::string entry = Field(1, Field(1, "key") + Field(2, number));
  const auto object = [&](int size) { return Field(7, Field(5, Repeated(size, entry))); };
  EXPECT_EQ(ResultOf(object(kMaxRequestValues + 1)), Result::kFits);
  EXPECT_EQ(ResultOf(object(kMaxRequestValues + 2)), Result::kTooMany);
}

TEST(PartCount, StopsWhereTheBytesAreNoMessage) {
  const std::string many = Repeated(kMaxRequestMessages, Field(1));
  EXPECT_EQ(ResultOf("\x0a\xff" + many), Result::kBroken);
  EXPECT_EQ(ResultOf("\x0f" + many), Result::kBroken);
  EXPECT_EQ(ResultOf(Field(3, "\x80") + many), Result::kBroken);
  EXPECT_EQ(ResultOf(Field(1, "\x7c") + many), Result::kBroken) << "a group's end";
  // A child that is longer than the element it is in: parsers read it before they notice.
  const std::string child = "\x0a" + Length(2 * many.size());
  EXPECT_EQ(ResultOf("\x0a" + Length(child.size()) + child + many + many), Result::kBroken);
}

TEST(PartCount, StopsWhereMessagesAreNestedTooDeep) {
  std::string element;
  for (int i = 1; i < 100; ++i) element = Field(1, element);
  EXPECT_EQ(ResultOf(Field(1, element)), Result::kFits);
  EXPECT_EQ(ResultOf(Field(1, Field(1, element))), Result::kTooDeep);
  std::string groups = Repeated(100'000, "\x7b") + Repeated(100'000, "\x7c");
  EXPECT_EQ(ResultOf(groups), Result::kTooDeep);
}

TEST(ParseRequest, RefusesTooManyPartsBeforeItTakesMemoryForThem) {
  Request elements(Repeated(4'000'000, Field(1, Field(1))));
  EXPECT_EQ(elements.BrokenField(), "requests");
  EXPECT_LT(elements.memory(), 32u << 20);
  Request texts(Repeated(8'000'000, Field(2)));
  EXPECT_EQ(texts.BrokenField(), "texts");
  Request unknown(Repeated(8'000'000, "\x78\x01"));
  EXPECT_EQ(unknown.BrokenField(), "");
  EXPECT_EQ(unknown.rereads(), 1);
}

TEST(ParseRequest, DoesNotCountWhatIsSmall) {
  Request small(Repeated(kMaxRequestMessages, Field(1)));
  EXPECT_EQ(small.Parse(), absl::OkStatus());
  EXPECT_EQ(small.rereads(), 0);
  Request large(Field(2, std::string(10'000'000, 'x')));
  EXPECT_EQ(large.Parse(), absl::OkStatus());
  EXPECT_EQ(large.rereads(), 1);
}

TEST(ParseRequest, NamesTheOtherFaultsOfALargeMessage) {
  const std::string text = Field(2, std::string(1'000'000, 'x'));
  EXPECT_THAT(std::string(Request(text + "\x0a\xff").Parse().message()),
              testing::HasSubstr("is no message"));
  // The piece that is refused begins where the message could end.
  const std::string pieces = Repeated(8, Field(2, std::string(16 * 1024 - 3, 'x')));
  ASSERT_EQ(pieces.size(), 8u * 16 * 1024);
  EXPECT_FALSE(Request(pieces + "\x0a\xff").Parse().ok());
  std::string element;
  for (int i = 0; i < 100; ++i) element = Field(1, element);
  EXPECT_THAT(std::string(Request(text + Field(1, element)).Parse().message()),
              testing::HasSubstr("requests[0]"));
}

}  // namespace
}  // namespace dataservice::test
