// One file a case in testdata/breaking: the old contract, the new one, and what breaks.
#include "schema/breaking/breaking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "compile_set.h"
#include "golden.h"
#include "schema/breaking/descriptor_set.h"
#include "schema/breaking/report.h"

namespace dataservice::test {
namespace {

using namespace breaking;
constexpr char kOld[] = "--- old\n";
constexpr char kNew[] = "--- new\n";
constexpr char kBreaking[] = "--- breaking\n";

std::unique_ptr<DescriptorSet> SetOf(const std::string& body) {
  auto set = DescriptorSet::Parse(CompileSet({{"test/v1/test.proto", ProtoText(body)}}));
  EXPECT_TRUE(set.ok()) << set.status();
  return set.ok() ? *std::move(set) : nullptr;
}

std::vector<Breakage> BreakingOf(const std::string& before, const std::string& after) {
  const auto old_set = SetOf(before);
  const auto new_set = SetOf(after);
  if (old_set == nullptr || new_set == nullptr) return {};
  EXPECT_NE(new_set->version().contract, nullptr) << new_set->version().refusal;
  if (new_set->version().contract == nullptr) return {};
  return Breaking(old_set->version(), new_set->version());
}

std::vector<std::string> Cases() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(TEST_DATA) + "/breaking")) {
    names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class BreakingCase : public testing::TestWithParam<std::string> {};

TEST_P(BreakingCase, IsFound) {
  const std::string name = absl::StrCat("breaking/", GetParam(), ".txt");
  std::ifstream file(absl::StrCat(TEST_DATA, "/", name), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const size_t new_at = text.find(kNew);
  ASSERT_EQ(text.find(kOld), 0U);
  ASSERT_NE(new_at, std::string::npos);
  const size_t end = std::min(text.find(kBreaking), text.size());
  const size_t old_at = sizeof(kOld) - 1;
  const std::string before = text.substr(old_at, new_at - old_at);
  const size_t after_at = new_at + sizeof(kNew) - 1;
  const std::string after = text.substr(after_at, end - after_at);
  const std::string found = BreakingText(BreakingOf(before, after));
  ExpectGolden(name, absl::StrCat(kOld, before, kNew, after, kBreaking, found));
}

INSTANTIATE_TEST_SUITE_P(All, BreakingCase, testing::ValuesIn(Cases()),
                         [](const auto& info) { return info.param; });

// What no case has is a kind that nobody has seen.
TEST(BreakingCases, HaveEveryKind) {
  std::string all;
  for (const std::string& name : Cases()) {
    std::ifstream file(absl::StrCat(TEST_DATA, "/breaking/", name, ".txt"));
    all.append(std::istreambuf_iterator<char>(file), {});
  }
  for (const char* kind : {"PACKAGE_REMOVED",
                           "SERVICE_REMOVED",
                           "METHOD_REMOVED",
                           "METHOD_REQUEST_CHANGED",
                           "METHOD_RESPONSE_CHANGED",
                           "METHOD_STREAMING_CHANGED",
                           "METHOD_IDEMPOTENCY_CHANGED",
                           "HTTP_BINDING_REMOVED",
                           "HTTP_BODY_CHANGED",
                           "HTTP_RESPONSE_BODY_CHANGED",
                           "MESSAGE_REMOVED",
                           "FIELD_REMOVED",
                           "FIELD_RENAMED",
                           "FIELD_NUMBER_CHANGED",
                           "FIELD_NUMBER_REUSED",
                           "FIELD_TYPE_CHANGED",
                           "FIELD_LABEL_CHANGED",
                           "FIELD_PRESENCE_CHANGED",
                           "FIELD_ONEOF_CHANGED",
                           "FIELD_JSON_NAME_CHANGED",
                           "FIELD_BECAME_REQUIRED",
                           "FIELD_BECAME_OUTPUT_ONLY",
                           "FIELD_BECAME_IMMUTABLE",
                           "REQUIRED_FIELD_ADDED",
                           "ENUM_REMOVED",
                           "ENUM_VALUE_REMOVED",
                           "ENUM_VALUE_RENAMED",
                           "ENUM_VALUE_NUMBER_CHANGED",
                           "RESERVED_REMOVED",
                           "RULE_TIGHTENED",
                           "RULE_CHANGED",
                           "ONEOF_TIGHTENED",
                           "RESOURCE_REMOVED",
                           "RESOURCE_RENAMED",
                           "TABLE_RENAMED",
                           "KEY_CHANGED",
                           "OWNER_CHANGED",
                           "COLUMN_REMOVED",
                           "COLUMN_NUMBER_CHANGED",
                           "COLUMN_NUMBER_REUSED",
                           "COLUMN_TYPE_NARROWED",
                           "COLUMN_TYPE_CHANGED",
                           "COLUMN_BECAME_NOT_NULL",
                           "COLUMN_BECAME_REQUIRED",
                           "COLUMN_DEFAULT_REMOVED",
                           "REQUIRED_COLUMN_ADDED",
                           "REFERENCE_ADDED",
                           "REFERENCE_TARGET_CHANGED",
                           "ON_DELETE_CHANGED",
                           "UNIQUE_INDEX_ADDED",
                           "STORED_ENUM_VALUE_REMOVED",
                           "JSON_FIELD_REMOVED",
                           "JSON_FIELD_RENAMED",
                           "JSON_TYPE_CHANGED",
                           "JSON_ENUM_VALUE_REMOVED",
                           "CLAIMS_REMOVED",
                           "STORED_DATA_NOT_COMPARED"}) {
    EXPECT_NE(all.find(absl::StrCat("\n  ", kind, " ")), std::string::npos) << kind;
  }
}

// A file that only the contract imports belongs to it, wherever the message moves.
TEST(Breaking, ComparesImportedFiles) {
  const std::string thing = R"(
    import "test/v1/FILE";
    message Thing {
      option (storage.v1.table) = {};
      string id = 1 [(google.api.field_behavior) = IDENTIFIER];
      Part part = 2;
    })";
  const auto version = [&](const std::string& file, const std::string& field) {
    auto set = DescriptorSet::Parse(CompileSet(
        {{"test/v1/test.proto", ProtoText(absl::StrReplaceAll(thing, {{"FILE", file}}))},
         {"test/v1/" + file,
          absl::StrCat("syntax = \"proto3\"; package test.v1; message Part { ", field, " }")}}));
    EXPECT_TRUE(set.ok()) << set.status();
    return *std::move(set);
  };
  const auto before = version("part.proto", "string name = 1;");
  EXPECT_EQ(BreakingText(Breaking(before->version(),
                                  version("common.proto", "string name = 1;")->version())),
            "nothing breaks\n");
  const auto after = version("common.proto", "string title = 1;");
  const auto found = Breaking(before->version(), after->version());
  ASSERT_EQ(found.size(), 2U) << BreakingText(found);
  EXPECT_EQ(found[0].kind + " " + found[0].element, "FIELD_RENAMED test.v1.Part.name");
  EXPECT_EQ(found[1].kind + " " + found[1].element, "JSON_FIELD_RENAMED test.v1.Part.name");
}

}  // namespace
}  // namespace dataservice::test
