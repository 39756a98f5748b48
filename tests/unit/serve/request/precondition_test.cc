#include "serve/request/precondition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dataservice {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

absl::StatusOr<Precondition> Read(std::optional<std::string_view> match,
                                  std::optional<std::string_view> none_match,
                                  std::string_view etag) {
  RequestContext context;
  context.if_match = match;
  context.if_none_match = none_match;
  return ReadPrecondition(context, etag);
}

TEST(Precondition, NoneIsNone) {
  const auto none = Read({}, {}, "");
  ASSERT_TRUE(none.ok());
  EXPECT_THAT(none->etags, IsEmpty());
  EXPECT_FALSE(none->must_exist);
  EXPECT_FALSE(none->must_not_exist);
}

TEST(Precondition, TheBodysEtagDoesNotAskThatTheRowExists) {
  EXPECT_THAT(Read({}, {}, "abc")->etags, ElementsAre("abc"));
  EXPECT_FALSE(Read({}, {}, "abc")->must_exist);
}

TEST(Precondition, IfMatch) {
  EXPECT_THAT(Read("\"abc\"", {}, "")->etags, ElementsAre("abc"));
  EXPECT_TRUE(Read(" \"abc\" ", {}, "")->must_exist);
  EXPECT_THAT(Read("*", {}, "")->etags, IsEmpty());
  EXPECT_TRUE(Read("*", {}, "")->must_exist);
  EXPECT_THAT(Read("*", {}, "abc")->etags, ElementsAre("abc"));
  EXPECT_THAT(Read("\"abc\"", {}, "abc")->etags, ElementsAre("abc"));
}

TEST(Precondition, IfMatchTakesAList) {
  EXPECT_THAT(Read("\"a\", \"b\"", {}, "")->etags, ElementsAre("a", "b"));
  EXPECT_THAT(Read(", \"a,b\" ,, \"\",", {}, "")->etags, ElementsAre("a,b", ""));
  EXPECT_THAT(Read("\"a\", \"b\"", {}, "b")->etags, ElementsAre("b"));
}

TEST(Precondition, TwoThatDifferMatchNothing) {
  EXPECT_THAT(Read("\"abc\"", {}, "abd")->etags, ElementsAre("*"));
  EXPECT_THAT(Read("\"abc\", \"x\"", {}, "abd")->etags, ElementsAre("*"));
}

TEST(Precondition, WeakTagsMatchNothing) {
  EXPECT_THAT(Read("W/\"abc\"", {}, "")->etags, ElementsAre("*"));
  EXPECT_THAT(Read("W/\"abc\", \"abd\"", {}, "")->etags, ElementsAre("abd"));
}

TEST(Precondition, IfNoneMatch) { EXPECT_TRUE(Read({}, "*", "")->must_not_exist); }

TEST(Precondition, RefusesWhatIsNoConditionOfAWrite) {
  for (const char* value :
       {"", "  ", "abc", "\"", "\"a\" \"b\"", ",", ", ,", "*, \"a\"", "w/\"a\"", "\"a\", b"}) {
    EXPECT_EQ(Read(value, {}, "").status().code(), absl::StatusCode::kInvalidArgument) << value;
  }
  for (const char* value : {"", " ", "\"abc\"", "*, *"}) {
    EXPECT_EQ(Read({}, value, "").status().code(), absl::StatusCode::kInvalidArgument) << value;
  }
}

}  // namespace
}  // namespace dataservice
