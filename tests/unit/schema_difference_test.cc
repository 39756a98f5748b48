#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract_fixture.h"
#include "schema/difference.h"

namespace dataservice::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SchemaModel Wanted() { return ModelOfContract(ShippedContract()); }

TEST(Compare, EqualModelsAgree) {
  EXPECT_THAT(Compare(Wanted(), Wanted()).wrong, IsEmpty());
  EXPECT_THAT(Compare(Wanted(), Wanted()).extra, IsEmpty());
}

TEST(Compare, NamesWhatDiffers) {
  SchemaModel actual = Wanted();
  SchemaTable& table = actual.tables[0];
  const std::string name = table.schema + "." + table.name;
  table.columns[1].type = "varchar(100)";
  table.columns[2].not_null = false;
  table.columns.pop_back();
  table.constraints[1].definition = "CHECK (true)";
  table.indexes[0].valid = false;
  const auto wrong = Compare(Wanted(), actual).wrong;
  EXPECT_THAT(
      wrong, ElementsAre(
                 name + ": title is varchar(100), not varchar(200)", name + ": author may be NULL",
                 name + ": update_time is missing",
                 name + ": constraint book_title_required is CHECK (true), not CHECK (title <> '')",
                 name + ": index book_title_id_idx is not valid"));
}

TEST(Compare, ExtrasAreAllowed) {
  SchemaModel actual = Wanted();
  actual.tables[0].indexes.push_back({"by_hand", "INDEX by_hand"});
  const Differences differences = Compare(Wanted(), actual);
  EXPECT_THAT(differences.wrong, IsEmpty());
  EXPECT_EQ(differences.extra.size(), 1U);
}

TEST(Compare, AMissingTable) {
  SchemaModel actual = Wanted();
  actual.tables.erase(actual.tables.begin() + 1, actual.tables.end());
  EXPECT_THAT(Compare(Wanted(), actual).wrong,
              ElementsAre("bookstore.review is missing", "bookstore.request_claim is missing"));
}

TEST(Compare, DefaultsMayCarryCasts) {
  SchemaModel actual = Wanted();
  actual.tables[0].columns[1].default_value = "''::character varying";
  EXPECT_THAT(Compare(Wanted(), actual).wrong, IsEmpty());
  actual.tables[0].columns[1].default_value = "'x'::character varying";
  EXPECT_EQ(Compare(Wanted(), actual).wrong.size(), 1U);
}

}  // namespace
}  // namespace dataservice::test
