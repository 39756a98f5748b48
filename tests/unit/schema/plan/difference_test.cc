#include "schema/plan/difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/fixture.h"
#include "schema/model/identity.h"

namespace dataservice::test {
namespace {

using namespace schema;
using testing::ElementsAre;
using testing::IsEmpty;

SchemaModel Wanted() { return ModelOfContract(ShippedContract()); }

SchemaTable& Book(SchemaModel& model) {
  for (SchemaTable& table : model.tables) {
    if (table.name == "book") return table;
  }
  ADD_FAILURE();
  return model.tables[0];
}

// "! " stands before what is harmful.
std::vector<std::string> Wrong(const SchemaModel& actual) {
  std::vector<std::string> out;
  for (const Difference& difference : Compare(Wanted(), actual).wrong) {
    out.push_back((difference.harmful ? "! " : "") + difference.text);
  }
  return out;
}

TEST(Compare, EqualModelsAgree) {
  EXPECT_THAT(Wrong(Wanted()), IsEmpty());
  EXPECT_THAT(Compare(Wanted(), Wanted()).extra, IsEmpty());
}

TEST(Compare, NamesWhatDiffers) {
  SchemaModel actual = Wanted();
  SchemaTable& table = Book(actual);
  table.columns[1].type = "varchar(100)";
  table.columns[2].not_null = false;
  table.columns.pop_back();
  table.constraints[1].definition = CheckOf(Concat("true"));
  table.indexes[0].valid = false;
  EXPECT_THAT(
      Wrong(actual),
      ElementsAre("! bookstore.book: title is varchar(100), not varchar(200)",
                  "bookstore.book: author may be NULL", "! bookstore.book: update_time is missing",
                  "bookstore.book: constraint book_title_required is CHECK (true), not CHECK "
                  "(title <> '')",
                  "bookstore.book: index book_title_id_idx is not valid"));
}

// Servers of this contract go on while the next one's schema is there already.
TEST(Compare, AWiderTypeDoesNoHarm) {
  SchemaModel actual = Wanted();
  Book(actual).columns[1].type = "varchar(300)";
  Book(actual).columns[4].type = "bigint";
  EXPECT_THAT(Wrong(actual), ElementsAre("bookstore.book: title is varchar(300), not varchar(200)",
                                         "bookstore.book: year is bigint, not integer"));
}

TEST(Compare, ExtrasAreAllowed) {
  SchemaModel actual = Wanted();
  Book(actual).indexes.push_back(
      {.name = "by_hand", .definition = schema::Index{{"year"}}, .ours = false});
  Book(actual).columns.push_back({.name = "isbn", .type = "text"});
  EXPECT_THAT(Wrong(actual), IsEmpty());
  EXPECT_THAT(Compare(Wanted(), actual).extra,
              ElementsAre("bookstore.book: column isbn is not the contract's",
                          "bookstore.book: index by_hand is not the contract's"));
}

TEST(Compare, AColumnThatRefusesNewRowsIsNoExtra) {
  SchemaModel actual = Wanted();
  Book(actual).columns.push_back({.name = "isbn", .type = "text", .not_null = true});
  EXPECT_THAT(Wrong(actual),
              ElementsAre("! bookstore.book: isbn is not the contract's, may not be NULL and has "
                          "no default: no row can be added"));
}

TEST(Compare, AMissingTable) {
  SchemaModel actual = Wanted();
  std::erase_if(actual.tables, [](const SchemaTable& table) { return table.name != "book"; });
  EXPECT_THAT(Wrong(actual),
              ElementsAre("bookstore.schema_history is missing", "! bookstore.review is missing",
                          "! bookstore.request_claim is missing"));
}

TEST(Compare, DefaultsMayCarryCasts) {
  SchemaModel actual = Wanted();
  Book(actual).columns[1].default_value = "''::character varying";
  EXPECT_THAT(Wrong(actual), IsEmpty());
  Book(actual).columns[1].default_value = "'x'::character varying";
  EXPECT_EQ(Wrong(actual).size(), 1U);
}

TEST(Identity, IsReadFromTheComment) {
  EXPECT_EQ(IdentityOfColumn("dataservice: shop.v1.Order.buyer = 3")->number, 3);
  const auto json =
      IdentityOfColumn("dataservice: shop.v1.Order.to = 5; json street string, geo.lat double");
  EXPECT_EQ(json->number, 5);
  EXPECT_THAT(json->json, ElementsAre("street string", "geo.lat double"));
  for (const char* other : {"", "buyer = 3", "dataservice: shop.v1.Order", "dataservice: a = x"}) {
    EXPECT_FALSE(IdentityOfColumn(other)) << other;
  }
}

TEST(Identity, NamesThatAreLost) {
  EXPECT_THAT(LostNames({"a string", "b enum(X|Y)"}, {"a string", "b enum(Z|Y|X)", "c int32"}),
              IsEmpty());
  EXPECT_THAT(LostNames({"a string", "b enum(X|Y)", "c int32"}, {"a int32", "b enum(X)"}),
              ElementsAre("a string", "b enum(X|Y)", "c int32"));
}

}  // namespace
}  // namespace dataservice::test
