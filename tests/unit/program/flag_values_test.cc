#include "program/flag_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "program/options.h"

namespace dataservice::test {
namespace {

class FlagValuesTest : public testing::Test {
 protected:
  FlagValuesTest() {
    app_.option_defaults()->always_capture_default();
    app_.add_option("--database", database_);
    app_.add_option("--database_secret", secret_);
    app_.add_option("--credentials_command", command_);
    app_.add_option("--test_mode", mode_)
        ->transform(CLI::CheckedTransformer(std::map<std::string, int>{{"on", 1}, {"off", 2}}))
        ->default_str("on");
    app_.add_option("--test_names", names_)->delimiter(',');
    app_.add_option("--test_number", number_);
    app_.add_flag("--test_flag", flag_);
    ReadEnvironment(app_);
    NoteValues(app_, values_);
  }
  ~FlagValuesTest() override { unsetenv("TEST_NUMBER"); }

  CLI::App app_;
  FlagValues values_;
  std::string database_, secret_, command_;
  int mode_ = 1;
  std::vector<std::string> names_;
  int number_ = 7;
  bool flag_ = false;
};

TEST_F(FlagValuesTest, OfCommandLineEnvironmentAndDefaults) {
  setenv("TEST_NUMBER", "8", 1);
  app_.parse(std::vector<std::string>{"--test_names=a,b", "--test_mode=off", "--test_flag"});
  EXPECT_EQ(mode_, 2);
  EXPECT_EQ(PrintedValues(values_),
            "# --credentials_command=\n# --database=\n# --database_secret=\n--test_flag=true\n"
            "--test_mode=off\n--test_names=a,b\n--test_number=8\n");
}

TEST_F(FlagValuesTest, Defaults) {
  app_.parse(std::vector<std::string>{});
  EXPECT_THAT(PrintedValues(values_), testing::HasSubstr("# --test_mode=on\n"));
  EXPECT_THAT(PrintedValues(values_), testing::HasSubstr("# --test_number=7\n"));
}

TEST_F(FlagValuesTest, HaveNoSecrets) {
  app_.parse(std::vector<std::string>{"--database=postgresql://me:planted@db/books",
                                      "--database_secret={\"password\":\"planted\"}",
                                      "--credentials_command=get planted"});
  const std::string printed = PrintedValues(values_);
  EXPECT_THAT(printed, testing::Not(testing::HasSubstr("planted")));
  EXPECT_THAT(printed, testing::HasSubstr("books"));
  EXPECT_EQ(database_, "postgresql://me:planted@db/books");
}

TEST_F(FlagValuesTest, TheFileOfASecretIsNone) {
  app_.parse(std::vector<std::string>{"--database_secret=@/run/secret"});
  EXPECT_THAT(PrintedValues(values_), testing::HasSubstr("--database_secret=@/run/secret\n"));
}

}  // namespace
}  // namespace dataservice::test
