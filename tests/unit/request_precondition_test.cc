#include <gtest/gtest.h>

#include "request/precondition.h"

namespace dataservice {
namespace {

absl::StatusOr<Precondition> Read(std::string_view match, std::string_view none_match,
                                  std::string_view etag) {
  RequestContext context;
  context.if_match = match;
  context.if_none_match = none_match;
  return ReadPrecondition(context, etag);
}

TEST(Precondition, NoneIsNone) {
  const auto none = Read("", "", "");
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(none->etag, "");
  EXPECT_FALSE(none->must_exist);
  EXPECT_FALSE(none->must_not_exist);
}

TEST(Precondition, TheBodysEtagDoesNotAskThatTheRowExists) {
  EXPECT_EQ(Read("", "", "abc")->etag, "abc");
  EXPECT_FALSE(Read("", "", "abc")->must_exist);
}

TEST(Precondition, IfMatch) {
  EXPECT_EQ(Read("\"abc\"", "", "")->etag, "abc");
  EXPECT_TRUE(Read(" \"abc\" ", "", "")->must_exist);
  EXPECT_EQ(Read("*", "", "")->etag, "");
  EXPECT_TRUE(Read("*", "", "")->must_exist);
  EXPECT_EQ(Read("*", "", "abc")->etag, "abc");
  EXPECT_EQ(Read("\"abc\"", "", "abc")->etag, "abc");
}

TEST(Precondition, TwoThatDifferMatchNothing) { EXPECT_EQ(Read("\"abc\"", "", "abd")->etag, "*"); }

TEST(Precondition, WeakTagsMatchNothing) {
  EXPECT_EQ(Read("W/\"abc\"", "", "")->etag, "*");
  EXPECT_EQ(Read("W/\"abc\", \"abd\"", "", "")->etag, "abd");
  EXPECT_EQ(Read("\"\"", "", "")->etag, "*");
}

TEST(Precondition, IfNoneMatch) { EXPECT_TRUE(Read("", "*", "")->must_not_exist); }

TEST(Precondition, RefusesWhatIsNoConditionOfAWrite) {
  for (const char* value : {"abc", "\"a\", \"b\"", "\"", "\"a\" \"b\"", "\"a\",", ","}) {
    EXPECT_EQ(Read(value, "", "").status().code(), absl::StatusCode::kInvalidArgument) << value;
  }
  EXPECT_EQ(Read("", "\"abc\"", "").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace dataservice
