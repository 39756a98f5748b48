#include "program/check_policy_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>

#include "contract/fixture.h"

namespace dataservice::test {
namespace {

using testing::HasSubstr;

constexpr char kPolicy[] = R"(rules:
- name: readers
  who: [{anonymous: true}, {authenticated: true}]
  call: [read]
  withhold: [bookstore.v1.Book.publisher]
- name: staff
  who: [{issuer: "https://login", claims: {level: 3}, scopes: [books.write]}]
  call: [bookstore.v1.BookService/*]
  read_only: [bookstore.v1.Book.year]
  all_rows: true
)";

class CheckPolicyCommand : public testing::Test {
 protected:
  CheckPolicyCommand() {
    path_ = testing::TempDir() + "/policyXXXXXX";
    close(mkstemp(path_.data()));
    std::ofstream(path_) << kPolicy;
  }
  ~CheckPolicyCommand() override { unlink(path_.c_str()); }

  int Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"server", "--check_policy=" + path_});
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    EXPECT_TRUE(IsCheckPolicy(static_cast<int>(argv.size()), argv.data()));
    const int code =
        CheckPolicy(static_cast<int>(argv.size()), argv.data(), "bookstore/v1/bookstore.proto");
    output_ = testing::internal::GetCapturedStdout();
    error_ = testing::internal::GetCapturedStderr();
    return code;
  }

  std::string path_;
  std::string output_;
  std::string error_;
};

TEST_F(CheckPolicyCommand, PrintsTheRulesAndFieldsOfAPermittedCall) {
  EXPECT_EQ(Run({"--call", "bookstore.v1.BookService/GetBook"}), 0);
  EXPECT_EQ(output_,
            "allowed by \"readers\" (" + path_ + ":2)\nwithheld: bookstore.v1.Book.publisher\n");
  EXPECT_EQ(Run({"--as", "alice", "--issuer", "https://login", "--scope", "books.write", "--claim",
                 "level=3", "--call", "bookstore.v1.BookService/DeleteBook"}),
            0);
  EXPECT_EQ(output_, "allowed by \"staff\" (" + path_ +
                         ":6)\nread only: bookstore.v1.Book.year\nrows: those of all owners\n");
}

TEST_F(CheckPolicyCommand, PrintsADenial) {
  EXPECT_EQ(Run({"--as", "alice", "--call", "bookstore.v1.BookService/DeleteBook"}), 1);
  EXPECT_THAT(output_, HasSubstr("denied"));
  EXPECT_THAT(output_, HasSubstr("PERMISSION_DENIED"));
  EXPECT_EQ(Run({"--call", "bookstore.v1.BookService/DeleteBook"}), 1);
  EXPECT_THAT(output_, HasSubstr("UNAUTHENTICATED"));
  EXPECT_EQ(Run({"--as", "alice", "--kind", "certificate", "--call",
                 "bookstore.v1.ReviewService/DeleteReview"}),
            1);
}

TEST_F(CheckPolicyCommand, WithoutACallChecksTheFile) {
  EXPECT_EQ(Run({}), 0);
  std::ofstream(path_) << "rules: 3";
  EXPECT_EQ(Run({}), 2);
  EXPECT_THAT(error_, HasSubstr(path_ + ":1:8: \"rules\" must be a sequence"));
}

TEST_F(CheckPolicyCommand, RefusesWrongArguments) {
  EXPECT_EQ(Run({"--call", "bookstore.v1.BookService/DelBook"}), 2);
  EXPECT_THAT(error_, HasSubstr("no method"));
  EXPECT_EQ(Run({"--call", "read"}), 2);
  EXPECT_EQ(Run({"--issuer", "x", "--call", "bookstore.v1.BookService/GetBook"}), 2);
  EXPECT_EQ(Run({"--as", "a", "--claim", "x", "--call", "bookstore.v1.BookService/GetBook"}), 2);
  EXPECT_EQ(Run({"--as", "a", "--kind", "robot"}), 2);
  EXPECT_EQ(Run({"--unknown"}), 2);
}

}  // namespace
}  // namespace dataservice::test
