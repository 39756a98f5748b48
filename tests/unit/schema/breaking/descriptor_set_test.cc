#include "schema/breaking/descriptor_set.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "compile_set.h"

namespace dataservice::test {
namespace {

using namespace breaking;
using google::protobuf::FileDescriptorSet;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kThing[] = R"(
  message Thing {
    option (storage.v1.table) = {};
    string id = 1 [(google.api.field_behavior) = IDENTIFIER, (buf.validate.field).string.uuid = true];
    google.protobuf.Timestamp create_time = 2 [(google.api.field_behavior) = OUTPUT_ONLY];
    google.protobuf.StringValue note = 3 [(buf.validate.field).string.max_len = 9];
  })";

std::string Problem(const std::string& bytes) {
  return std::string(DescriptorSet::Parse(bytes).status().message());
}

FileDescriptorSet SetOf(const std::string& bytes) {
  FileDescriptorSet set;
  EXPECT_TRUE(set.ParseFromString(bytes));
  return set;
}

TEST(DescriptorSet, BuildsTheContractInAPoolOfItsOwn) {
  const auto set = DescriptorSet::Parse(CompileSet({{"test/v1/test.proto", ProtoText(kThing)}}));
  ASSERT_TRUE(set.ok()) << set.status();
  const ContractVersion& version = (*set)->version();
  ASSERT_NE(version.contract, nullptr) << version.refusal;
  ASSERT_EQ(version.files.size(), 1U);
  EXPECT_NE(version.files[0]->pool(), google::protobuf::DescriptorPool::generated_pool());
  const Resource& resource = *version.contract->resources()[0];
  EXPECT_EQ(resource.key_column().type, ColumnType::kUuid);
  EXPECT_EQ(resource.columns[1].origin, ColumnOrigin::kCreateTime);
  EXPECT_TRUE(resource.columns[2].is_wrapper());
  EXPECT_EQ(resource.columns[2].max_length, 9);
}

TEST(DescriptorSet, TakesFilesInAnyOrder) {
  FileDescriptorSet set = SetOf(CompileSet({{"test/v1/test.proto", ProtoText(kThing)}}));
  std::reverse(set.mutable_file()->begin(), set.mutable_file()->end());
  EXPECT_EQ(Problem(set.SerializeAsString()), "");
}

TEST(DescriptorSet, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(Problem(""), "is empty; make it with `protoc --include_imports -o`");
  EXPECT_THAT(Problem("syntax = \"proto3\";"), StartsWith("is no FileDescriptorSet"));
  const std::string whole = CompileSet({{"test/v1/test.proto", ProtoText(kThing)}});
  EXPECT_THAT(Problem(whole.substr(0, whole.size() - 3)), StartsWith("is no FileDescriptorSet"));
  EXPECT_EQ(Problem(CompileSet({{"test/v1/test.proto", ProtoText(kThing)}}, /*imports=*/false)),
            "lacks buf/validate/validate.proto, which test/v1/test.proto imports; make it with "
            "`protoc --include_imports`");
  EXPECT_THAT(Problem(CompileSet({{"a.proto", "syntax = \"proto3\"; message A {}"}})),
              StartsWith("has no contract"));

  FileDescriptorSet twice = SetOf(whole);
  *twice.add_file() = twice.file(0);
  EXPECT_THAT(Problem(twice.SerializeAsString()), HasSubstr(" twice"));

  FileDescriptorSet broken = SetOf(whole);
  auto& field =
      *broken.mutable_file(broken.file_size() - 1)->mutable_message_type(0)->mutable_field(1);
  field.set_type_name(".test.v1.Missing");
  EXPECT_EQ(Problem(broken.SerializeAsString()),
            "is not consistent: test/v1/test.proto: test.v1.Thing.create_time: "
            "\".test.v1.Missing\" is not defined.");

  FileDescriptorSet circle;
  circle.add_file()->set_name("a.proto");
  circle.mutable_file(0)->add_dependency("b.proto");
  circle.add_file()->set_name("b.proto");
  circle.mutable_file(1)->add_dependency("a.proto");
  EXPECT_THAT(Problem(circle.SerializeAsString()), StartsWith("is not consistent: b.proto"));
}

TEST(DescriptorSet, KeepsWhatTheEngineRefuses) {
  const auto set = DescriptorSet::Parse(CompileSet(
      {{"test/v1/test.proto", ProtoText("message Thing { option (storage.v1.table) = {}; }")}}));
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ((*set)->version().contract, nullptr);
  EXPECT_THAT((*set)->version().refusal, HasSubstr("test.v1.Thing: has no key"));
  EXPECT_EQ((*set)->version().files.size(), 1U);
}

// An old contract may be anything that protoc takes; what is wrong with it is told.
TEST(DescriptorSet, SurvivesAContractThatLacksAnything) {
  std::ifstream source(std::string(TEST_DATA) + "/../../../proto/bookstore/v1/bookstore.proto");
  const std::string text{std::istreambuf_iterator<char>(source), {}};
  const FileDescriptorSet whole = SetOf(CompileSet({{"bookstore/v1/bookstore.proto", text}}));
  const auto& file = whole.file(whole.file_size() - 1);
  for (int i = 0; i < file.message_type_size(); ++i) {
    for (int j = 0; j < file.message_type(i).field_size(); ++j) {
      FileDescriptorSet set = whole;
      auto& message = *set.mutable_file(whole.file_size() - 1)->mutable_message_type(i);
      message.mutable_field(j)->clear_options();
      EXPECT_EQ(Problem(set.SerializeAsString()), "");
      if (message.field(j).has_oneof_index()) continue;
      message.mutable_field()->DeleteSubrange(j, 1);
      EXPECT_EQ(Problem(set.SerializeAsString()), "");
    }
  }
}

TEST(DescriptorSet, NamesAFileThatCannotBeRead) {
  EXPECT_EQ(DescriptorSet::Read("/nowhere/old.binpb").status().message(),
            "cannot read /nowhere/old.binpb: No such file or directory");
  EXPECT_EQ(DescriptorSet::Read(testing::TempDir()).status().message(),
            "cannot read " + testing::TempDir() + ": Is a directory");
}

}  // namespace
}  // namespace dataservice::test
