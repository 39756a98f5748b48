#include "program/breaking_command.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "compile_set.h"

namespace dataservice::test {
namespace {

using google::protobuf::FileDescriptorSet;
using testing::HasSubstr;

// The program's part that the command is.
class BreakingCommand : public testing::Test {
 protected:
  ~BreakingCommand() override { std::filesystem::remove(path_); }

  void WriteOld(const std::string& bytes) { std::ofstream(path_, std::ios::binary) << bytes; }

  // The shipped contract, as protoc writes it.
  static FileDescriptorSet Shipped() {
    FileDescriptorSet set;
    const std::string path =
        std::string(TEST_DATA) + "/../../../proto/bookstore/v1/bookstore.proto";
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_TRUE(set.ParseFromString(CompileSet({{"bookstore/v1/bookstore.proto", text}})));
    return set;
  }

  // The exit code.
  int Run(std::vector<std::string> arguments = {}) {
    CLI::App app;
    AddBreakingCommand(app, "bookstore/v1/bookstore.proto");
    arguments.insert(arguments.begin(), {"breaking", "--against", path_});
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    int code = -1;
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& error) {
      code = app.exit(error);
    }
    std::fflush(stdout);
    output_ = testing::internal::GetCapturedStdout();
    error_ = testing::internal::GetCapturedStderr();
    return code;
  }

  const std::string path_ = absl::StrCat(testing::TempDir(), "/old_", getpid(), ".binpb");
  std::string output_;
  std::string error_;
};

TEST_F(BreakingCommand, AContractDoesNotBreakItself) {
  WriteOld(Shipped().SerializeAsString());
  EXPECT_EQ(Run(), 0) << error_;
  EXPECT_EQ(output_, "nothing breaks\n");
  EXPECT_EQ(Run({"--format", "json"}), 0);
  EXPECT_EQ(output_, "{\n \"breaking\": []\n}\n");
}

TEST_F(BreakingCommand, SaysWhatBreaksAndWhatIsAllowed) {
  FileDescriptorSet old = Shipped();
  auto& file = *old.mutable_file(old.file_size() - 1);
  ASSERT_EQ(file.message_type(0).name(), "Book");
  auto& field = *file.mutable_message_type(0)->add_field();
  field.set_name("shelf");
  field.set_number(90);
  field.set_type(google::protobuf::FieldDescriptorProto::TYPE_STRING);
  field.set_label(google::protobuf::FieldDescriptorProto::LABEL_OPTIONAL);
  WriteOld(old.SerializeAsString());
  const std::string client =
      "  FIELD_REMOVED bookstore.v1.Book.shelf: is gone, and its number and its name are free for "
      "another; keep it (deprecated = true), or `reserved 90; reserved \"shelf\";`\n";
  const std::string stored =
      "  COLUMN_REMOVED bookstore.v1.Book.shelf: is gone, and its values in bookstore.book with "
      "it; keep the field (deprecated = true), or copy them first\n";
  EXPECT_EQ(Run(), 1);
  EXPECT_EQ(output_, "clients:\n" + client + "\nstored data:\n" + stored);
  EXPECT_EQ(Run({"--allow", "FIELD_REMOVED:bookstore.v1.Book.shelf"}), 1);
  EXPECT_EQ(output_, "stored data:\n" + stored);
  EXPECT_EQ(Run({"--allow", "FIELD_REMOVED:bookstore.v1.Book.shelf", "--allow",
                 "COLUMN_REMOVED:bookstore.v1.Book.shelf"}),
            0);

  EXPECT_EQ(Run({"--format", "json"}), 1);
  const std::string first = output_;
  EXPECT_EQ(Run({"--format", "json"}), 1);
  EXPECT_EQ(output_, first);
  google::protobuf::Struct document;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(output_, &document).ok());
  const auto& list = document.fields().at("breaking").list_value();
  ASSERT_EQ(list.values_size(), 2);
  const auto& last = list.values(1).struct_value().fields();
  EXPECT_EQ(last.at("side").string_value(), "STORED_DATA");
  EXPECT_EQ(last.at("kind").string_value(), "COLUMN_REMOVED");
  EXPECT_EQ(last.at("element").string_value(), "bookstore.v1.Book.shelf");
  EXPECT_THAT(last.at("text").string_value(), HasSubstr("bookstore.book"));
}

TEST_F(BreakingCommand, ReportsAFileThatCannotBeRead) {
  EXPECT_EQ(Run(), 2);
  EXPECT_EQ(error_, "cannot read " + path_ + ": No such file or directory\n");
  WriteOld("");
  EXPECT_EQ(Run(), 2);
  EXPECT_EQ(error_, path_ + ": is empty; make it with `protoc --include_imports -o`\n");
  WriteOld("no descriptors");
  EXPECT_EQ(Run(), 2);
  EXPECT_EQ(error_,
            path_ + ": is no FileDescriptorSet; make it with `protoc --include_imports -o`\n");
  EXPECT_EQ(output_, "");
}

TEST_F(BreakingCommand, ComparesClientsWhereTheOldContractIsRefused) {
  FileDescriptorSet old = Shipped();
  auto& book = *old.mutable_file(old.file_size() - 1)->mutable_message_type(0);
  book.mutable_field(0)->clear_options();  // the key
  book.mutable_field(1)->set_number(91);
  WriteOld(old.SerializeAsString());
  EXPECT_EQ(Run(), 1);
  EXPECT_THAT(output_, HasSubstr("\n  FIELD_NUMBER_CHANGED bookstore.v1.Book.title: "));
  EXPECT_THAT(output_, HasSubstr("stored data:\n  STORED_DATA_NOT_COMPARED "
                                 "bookstore/v1/bookstore.proto: the old contract is refused"));
  EXPECT_THAT(output_, HasSubstr("bookstore.v1.Book: has no key"));
}

TEST_F(BreakingCommand, RefusesAnUnknownFormat) {
  WriteOld(Shipped().SerializeAsString());
  EXPECT_GT(Run({"--format", "yaml"}), 2);
  EXPECT_THAT(error_, HasSubstr("yaml"));
}

}  // namespace
}  // namespace dataservice::test
