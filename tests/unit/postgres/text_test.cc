#include "postgres/text.h"

#include <gtest/gtest.h>

namespace dataservice {
namespace {

TEST(Identifier, QuotesWhatPostgresqlReserves) {
  EXPECT_EQ(Identifier("title"), "title");
  EXPECT_EQ(Identifier("order"), "\"order\"");
  EXPECT_EQ(Identifier("Upper"), "\"Upper\"");
  EXPECT_EQ(Identifier("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(Identifier("1a"), "\"1a\"");
  EXPECT_EQ(Identifier(""), "\"\"");
}

TEST(Literal, EndsWhereItShould) {
  EXPECT_EQ(Literal("a"), "'a'");
  EXPECT_EQ(Literal("'; DROP TABLE x; --"), "'''; DROP TABLE x; --'");
  EXPECT_EQ(Literal("\\'"), "E'\\\\'''");
}

}  // namespace
}  // namespace dataservice
