#include "serve/request/violations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dataservice::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> Fields(const Violations& violations) {
  std::vector<std::string> fields;
  for (const Violation& violation : violations.all()) fields.push_back(violation.field);
  return fields;
}

TEST(Violations, OfAPartSpeakForTheWhole) {
  Violations violations;
  violations.Add("row.tags[3]", "must not contain a NUL character");
  violations.Add("row.part.time", "must be a time");
  violations.Add("row.tags", "cannot be stored");
  violations.Add("row.part", "cannot be stored");
  violations.Add("row.part.time", "cannot be stored");
  violations.Add("row.part.ti", "is another field");
  violations.Add("row.tag", "is another field");
  EXPECT_THAT(Fields(violations),
              ElementsAre("row.tags[3]", "row.part.time", "row.part.ti", "row.tag"));
}

TEST(Violations, AreListedWithoutPretendingThatTheyAreAll) {
  Violations violations;
  for (int i = 0; i < 99; ++i) violations.Add("a" + std::to_string(i), "");
  EXPECT_THAT(std::string(violations.ToStatus().message()), Not(HasSubstr("more")));
  violations.Add("z", "");
  EXPECT_THAT(std::string(violations.ToStatus().message()), HasSubstr(" (and maybe more)"));
  for (int i = 0; i < 1000; ++i) violations.Add("b" + std::to_string(i), "");
  EXPECT_THAT(std::string(violations.ToStatus().message()), HasSubstr(" (and at least "));
}

}  // namespace
}  // namespace dataservice::test
