#include "program/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

namespace dataservice::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class Options : public testing::Test {
 protected:
  Options() {
    AddDuration(app_, "--test_pause", pause_, "A pause", absl::Milliseconds(1), absl::Hours(1));
    app_.add_flag("--test_once", once_, "Once")->configurable(false);
    ReadEnvironment(app_);
  }
  ~Options() override {
    unsetenv("TEST_PAUSE");
    unsetenv("TEST_ONCE");
  }

  // The error's text; empty if there is none.
  std::string Parse(std::vector<std::string> arguments) {
    try {
      app_.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
      return error.what();
    }
    return "";
  }

  CLI::App app_;
  milliseconds pause_{2000};
  bool once_ = false;
};

TEST_F(Options, ADurationHasAUnit) {
  EXPECT_EQ(Parse({"--test_pause=500ms"}), "");
  EXPECT_EQ(pause_, milliseconds(500));
  EXPECT_EQ(Parse({"--test_pause=1m30s"}), "");
  EXPECT_EQ(pause_, milliseconds(90'000));
  EXPECT_EQ(Parse({"--test_pause=1.5s"}), "");
  EXPECT_EQ(pause_, milliseconds(1500));
}

TEST_F(Options, WhatIsNoDurationIsRefused) {
  for (const char* text : {"20", "", "s", "twenty", "1 s", "20S", "0x10s"}) {
    EXPECT_THAT(Parse({absl::StrCat("--test_pause=", text)}), testing::Not("")) << text;
  }
  EXPECT_EQ(pause_, milliseconds(2000));
}

TEST_F(Options, ADurationBeyondItsRangeIsRefused) {
  for (const char* text : {"0", "-1s", "0.5ms", "61m", "inf", "-inf"}) {
    EXPECT_THAT(Parse({absl::StrCat("--test_pause=", text)}), HasSubstr("from 1ms to 1h")) << text;
  }
}

TEST_F(Options, ADurationThatItsTypeCannotHoldIsRefused) {
  EXPECT_THAT(Parse({"--test_pause=1.0005s"}), HasSubstr("multiple of 1ms"));
}

TEST_F(Options, TheHelpShowsTheDefaultAsItIsWritten) {
  EXPECT_THAT(app_.help(), testing::AllOf(HasSubstr("DURATION=2s"), HasSubstr("TEST_PAUSE")));
}

TEST_F(Options, AnOptionIsReadFromTheEnvironment) {
  setenv("TEST_PAUSE", "7s", 1);
  EXPECT_EQ(Parse({}), "");
  EXPECT_EQ(pause_, milliseconds(7000));
  EXPECT_EQ(Parse({"--test_pause=8s"}), "");
  EXPECT_EQ(pause_, milliseconds(8000));
}

TEST_F(Options, AFaultInTheEnvironmentIsReported) {
  setenv("TEST_PAUSE", "7", 1);
  EXPECT_THAT(Parse({}), HasSubstr("not a duration"));
}

TEST_F(Options, WhatOneRunMayDoIsNotReadFromTheEnvironment) {
  setenv("TEST_ONCE", "true", 1);
  EXPECT_EQ(Parse({}), "");
  EXPECT_FALSE(once_);
}

}  // namespace
}  // namespace dataservice::test
