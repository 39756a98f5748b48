// CHECK constraints as comments store them.
#include "schema/model/stored_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dataservice::test {
namespace {

using namespace schema;
using testing::ElementsAre;

// The stored text after the columns were renamed.
std::string AfterRenames(const char* text) {
  const auto check = ReadStoredCheck(text, {"name", "order", "text"});
  if (!check) return "";
  const NameMap names = {{"name", "title"}, {"order", "rank"}, {"text", "words"}};
  return DefinitionText(Check{.condition = check->condition.Renamed(names), .columns = {}});
}

TEST(StoredCheck, ColumnsAreWholeIdentifiers) {
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
      {"UNIQUE INDEX (name, id)", ""},
      {"", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(AfterRenames(c.before), c.after);
}

TEST(StoredCheck, IsTheTextThatWasStored) {
  const std::string text = "CHECK (\"order\" > 0 AND \"other\" <> '\"')";
  EXPECT_EQ(DefinitionText(ReadStoredCheck(text, {"order"}).value()), text);
}

TEST(Expression, ReservedNamesAreQuoted) {
  const Expression expression = Concat(Expression::Column("a"), " > ", 0);
  EXPECT_EQ(expression.Sql(), "a > 0");
  EXPECT_EQ(expression.Renamed({{"a", "order"}}).Sql(), "\"order\" > 0");
}

TEST(Expression, NamesItsColumnsOnce) {
  const Expression a = Expression::Column("a");
  EXPECT_THAT(Concat(Expression::Column("b"), " > ", a, " OR ", a, " = 0").Columns(),
              ElementsAre("b", "a"));
  EXPECT_TRUE(Concat("a > 0") == Concat(a, " > 0"));
}

}  // namespace
}  // namespace dataservice::test
