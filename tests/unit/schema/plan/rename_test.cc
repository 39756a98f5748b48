#include "schema/plan/rename.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dataservice::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(RenameColumns, WholeIdentifiersOnly) {
  const NameMap names = {{"name", "title"}, {"order", "rank"}, {"text", "words"}};
  const struct {
    const char* before;
    const char* after;
  } cases[] = {
      {"CHECK (name <> '')", "CHECK (title <> '')"},
      {"CHECK (name <> 'name' AND names = name_2)", "CHECK (title <> 'name' AND names = name_2)"},
      {"CHECK (\"order\" > 0)", "CHECK (rank > 0)"},
      {"CHECK (a <> 'it''s name' AND name = '')", "CHECK (a <> 'it''s name' AND title = '')"},
      {"CHECK (name(a) = b.name)", "CHECK (name(a) = b.name)"},
      {"CHECK (text::text = '0')", "CHECK (words::text = '0')"},
      {"CHECK (name ~ E'\\\\d')", "CHECK (title ~ E'\\\\d')"},
      {"UNIQUE INDEX (name, id)", "UNIQUE INDEX (title, id)"},
      {"", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(RenameColumns(c.before, names), c.after);
}

TEST(RenameColumns, ReservedNamesAreQuoted) {
  EXPECT_EQ(RenameColumns("CHECK (a > 0)", {{"a", "order"}}), "CHECK (\"order\" > 0)");
}

TEST(RenameForeignKey, BothSides) {
  EXPECT_EQ(RenameForeignKey("FOREIGN KEY (a) REFERENCES s.t (id) ON DELETE CASCADE", {{"a", "b"}},
                             {{"s.t", {"s2.\"order\"", {{"id", "key"}}}}}),
            "FOREIGN KEY (b) REFERENCES s2.\"order\" (key) ON DELETE CASCADE");
  EXPECT_EQ(
      RenameForeignKey("FOREIGN KEY (a) REFERENCES s.t (a) ON DELETE CASCADE", {{"a", "b"}}, {}),
      "FOREIGN KEY (b) REFERENCES s.t (a) ON DELETE CASCADE");
}

TEST(RenameSequence, UsesNoNameTwice) {
  EXPECT_THAT(RenameSequence({{"a", "a"}}), IsEmpty());
  EXPECT_THAT(RenameSequence({{"a", "b"}, {"b", "c"}}),
              ElementsAre(Pair("b", "c"), Pair("a", "b")));
  const auto swap = RenameSequence({{"a", "b"}, {"b", "a"}});
  ASSERT_EQ(swap.size(), 3U);
  std::map<std::string, std::string> now = {{"a", "a"}, {"b", "b"}};  // name -> who it was
  for (const auto& [from, to] : swap) {
    ASSERT_TRUE(now.contains(from));
    ASSERT_FALSE(now.contains(to));
    now[to] = now[from];
    now.erase(from);
  }
  EXPECT_THAT(now, ElementsAre(Pair("a", "b"), Pair("b", "a")));
}

}  // namespace
}  // namespace dataservice::test
