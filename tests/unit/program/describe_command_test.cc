#include "program/describe_command.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "compile_set.h"
#include "dataservice/v1/contract_description.pb.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

constexpr char kThing[] = R"(
  message Thing {
    option (storage.v1.table) = {};
    string id = 1 [(google.api.field_behavior) = IDENTIFIER];
  })";

class DescribeCommand : public testing::Test {
 protected:
  ~DescribeCommand() override { std::filesystem::remove(path_); }

  void WriteSet(const std::string& body) {
    std::ofstream(path_, std::ios::binary) << CompileSet({{"test/v1/test.proto", ProtoText(body)}});
  }

  // Returns the exit code.
  int Run(std::vector<std::string> arguments) {
    CLI::App app;
    AddDescribeCommand(app, "bookstore/v1/bookstore.proto");
    arguments.insert(arguments.begin(), "describe");
    std::reverse(arguments.begin(), arguments.end());  // the order that CLI11 expects
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    int code = -1;
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& error) {
      code = app.exit(error);
    }
    std::fflush(stdout);
    const std::string output = testing::internal::GetCapturedStdout();
    error_ = testing::internal::GetCapturedStderr();
    description_.Clear();
    if (code == 0) {
      EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(output, &description_).ok())
          << output;
    }
    return code;
  }

  const std::string path_ = absl::StrCat(testing::TempDir(), "/described_", getpid(), ".binpb");
  v1::ContractDescription description_;
  std::string error_;
};

TEST_F(DescribeCommand, TheLinkedContract) {
  ASSERT_EQ(Run({}), 0) << error_;
  EXPECT_EQ(description_.resources(0).message(), "bookstore.v1.Book");
}

TEST_F(DescribeCommand, ADescriptorSet) {
  WriteSet(kThing);
  ASSERT_EQ(Run({"--descriptor_set", path_, "test/v1/test.proto"}), 0) << error_;
  ASSERT_EQ(description_.resources_size(), 1);
  EXPECT_EQ(description_.resources(0).message(), "test.v1.Thing");
  EXPECT_FALSE(description_.resources(0).generated_key());
}

TEST_F(DescribeCommand, RefusesWhatItCannotDescribe) {
  EXPECT_EQ(Run({"--descriptor_set", path_, "test/v1/test.proto"}), 1);
  EXPECT_THAT(error_, HasSubstr("cannot read"));
  WriteSet(kThing);
  EXPECT_EQ(Run({"--descriptor_set", path_, "other.proto"}), 1);
  EXPECT_THAT(error_, HasSubstr("has no file other.proto"));
  EXPECT_NE(Run({"--descriptor_set", path_}), 0);
  EXPECT_NE(Run({"test/v1/test.proto"}), 0);
  WriteSet("message Thing { option (storage.v1.table) = {}; }");
  EXPECT_EQ(Run({"--descriptor_set", path_, "test/v1/test.proto"}), 1);
  EXPECT_THAT(error_, HasSubstr("has no key"));
}

}  // namespace
}  // namespace dataservice::test
