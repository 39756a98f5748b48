// Read masks -> what is answered.
#include "serve/request/read_mask.h"

#include <gmock/gmock.h>
#include <google/protobuf/field_mask.pb.h>
#include <gtest/gtest.h>

#include "absl/hash/hash_testing.h"
#include "contract/fixture.h"
#include "contract/shape.h"
#include "engine_limits.h"

namespace dataservice::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Resource& Named(const std::string& name) {
  for (const auto& resource : TypesContract().resources()) {
    if (resource->message->name() == name) return *resource;
  }
  ADD_FAILURE() << name;
  return *TypesContract().resources().front();
}

std::optional<ReadMask> Parse(const std::string& resource, const std::vector<std::string>& paths,
                              Violations& violations) {
  google::protobuf::FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  return ParseReadMask(mask, Named(resource), {}, "read_mask", violations);
}

ReadMask Good(const std::string& resource, const std::vector<std::string>& paths) {
  Violations violations;
  const auto mask = Parse(resource, paths, violations);
  EXPECT_TRUE(violations.empty()) << violations.ToStatus();
  return mask.value_or(ReadMask());
}

std::string Problem(const std::vector<std::string>& paths) {
  Violations violations;
  EXPECT_EQ(Parse("Sample", paths, violations), std::nullopt);
  const std::vector<Violation>& list = *violations.list();
  if (list.size() != 1) return "no single violation";
  EXPECT_EQ(list[0].field, "read_mask");
  return list[0].description;
}

TEST(ReadMask, WithoutPathsIsNone) {
  Violations violations;
  EXPECT_EQ(Parse("Sample", {}, violations), std::nullopt);
  EXPECT_TRUE(violations.empty());
}

TEST(ReadMask, NamesColumnsComputedFieldsAndTheEtag) {
  const Resource& order = Named("Order");
  const ReadMask mask = Good("Order", {"sample_count", "user", "group", "user"});
  EXPECT_THAT(mask.columns, ElementsAre(order.Find("user"), order.Find("group")));
  EXPECT_THAT(mask.computed, ElementsAre(order.FindComputed("sample_count")));
  EXPECT_FALSE(mask.etag);
  const ReadMask etag = Good("Sample", {"etag"});
  EXPECT_THAT(etag.columns, IsEmpty());
  EXPECT_TRUE(etag.etag);
}

TEST(ReadMask, OfOneMeaningAreEqual) {
  EXPECT_EQ(Good("Sample", {"text", "i32", "part.share", "part.name"}),
            Good("Sample", {"part.name", "part.share", "i32", "i32", "text", "part.name"}));
  const std::vector<ReadMask> different = {
      Good("Sample", {"text"}),      Good("Sample", {"etag"}),        Good("Sample", {"part"}),
      Good("Sample", {"part.name"}), Good("Order", {"sample_count"}), Good("Sample", {"*"})};
  std::vector<GetShape> shapes = {{}};
  for (const ReadMask& mask : different) shapes.push_back({.read_mask = mask});
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly(shapes));
  for (size_t i = 0; i < shapes.size(); ++i) {
    for (size_t j = 0; j < i; ++j) EXPECT_FALSE(shapes[i] == shapes[j]) << i << " " << j;
  }
}

TEST(ReadMask, StarIsEverything) {
  const ReadMask order = Good("Order", {"*"});
  EXPECT_EQ(order.columns.size(), Named("Order").columns.size());
  EXPECT_EQ(order.computed.size(), Named("Order").computed.size());
  EXPECT_FALSE(order.etag);
  EXPECT_TRUE(Good("Sample", {"*"}).etag);
  EXPECT_EQ(Problem({"*", "text"}), "* stands for all fields, so it stands alone");
  EXPECT_EQ(Problem({"*", "*"}), "* stands for all fields, so it stands alone");
  EXPECT_EQ(Problem({"part.*"}), "there is no field part.*");
}

TEST(ReadMask, FieldsInsideMessages) {
  EXPECT_THAT(Good("Sample", {"part.share", "part.name"}).sub_fields,
              ElementsAre("part.name", "part.share"));
  const ReadMask whole = Good("Sample", {"part.name", "part"});
  EXPECT_THAT(whole.sub_fields, IsEmpty());
  EXPECT_THAT(whole.columns, ElementsAre(Named("Sample").Find("part")));
}

TEST(ReadMask, NamesNoFieldThatIsNot) {
  for (const std::string& path : std::vector<std::string>{"",
                                                          ".",
                                                          "text.",
                                                          ".text",
                                                          "nothing",
                                                          "Text",
                                                          "text.x",
                                                          "part.nothing",
                                                          "part..name",
                                                          "parts.name",
                                                          "counts.a",
                                                          "by_number.1",
                                                          "taken_time.seconds",
                                                          "due_date.year",
                                                          "wrapped_i32.value",
                                                          "numbers.0",
                                                          "etag.x",
                                                          "part.parts.name",
                                                          " text",
                                                          std::string("text\0", 5)}) {
    EXPECT_EQ(Problem({path}), "there is no field " + path) << path;
  }
  EXPECT_EQ(Problem({"text", "i32", "nope"}), "there is no field nope");
}

TEST(ReadMask, IsLimited) {
  EXPECT_EQ(Problem(std::vector<std::string>(kMaxMaskPaths + 1, "text")),
            "value must have at most 1000 paths");
  EXPECT_EQ(Good("Sample", std::vector<std::string>(kMaxMaskPaths, "text")).columns.size(), 1U);
  EXPECT_LT(Problem({std::string(1 << 20, 'a')}).size(), 200U);
  std::string deep = "part";
  for (int i = 0; i < 100000; ++i) deep += ".part";
  EXPECT_LT(Problem({deep}).size(), 200U);
}

}  // namespace
}  // namespace dataservice::test
