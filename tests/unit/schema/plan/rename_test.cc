#include "schema/plan/rename.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dataservice::test {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::string RenamedText(Definition definition) {
  const std::map<std::string, TableNames> tables = {{"s.t", {"s2.\"order\"", {{"id", "key"}}}}};
  return DefinitionText(
      Renamed({.name = "it", .definition = std::move(definition)}, {{"a", "b"}}, tables));
}

TEST(Renamed, EveryDefinition) {
  EXPECT_EQ(RenamedText(CheckOf(Concat(Expression::Column("a"), " <> 'a'"))), "CHECK (b <> 'a')");
  EXPECT_EQ(RenamedText(PrimaryKey{{"a"}}), "PRIMARY KEY (b)");
  EXPECT_EQ(RenamedText(schema::Index{{"a", "id"}, true}), "UNIQUE INDEX (b, id)");
}

TEST(Renamed, BothSidesOfAForeignKey) {
  EXPECT_EQ(RenamedText(ForeignKey{{"a"}, "s.t", {"id"}, OnDelete::kCascade}),
            "FOREIGN KEY (b) REFERENCES s2.\"order\" (key) ON DELETE CASCADE");
  EXPECT_EQ(RenamedText(ForeignKey{{"a"}, "s.u", {"a"}, OnDelete::kCascade}),
            "FOREIGN KEY (b) REFERENCES s.u (a) ON DELETE CASCADE");
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
