#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "contract_fixture.h"
#include "golden.h"
#include "sql/statement.h"

namespace dataservice::test {
namespace {

// Every shape of a contract's resources: a reviewer reads the SQL.
std::string AllStatements(const Contract& contract) {
  std::string out;
  for (const auto& resource : contract.resources()) {
    const auto add = [&](const char* name, Shape shape) {
      shape.resource = resource.get();
      absl::StrAppend(&out, "-- ", name, " ", resource->message->full_name(), "\n",
                      BuildStatement(shape).text, ";\n\n");
    };
    const std::vector<int> all = ClientColumns(*resource);
    std::vector<int> changed = all;
    std::erase(changed, resource->key);
    add("get", {.kind = ShapeKind::kGet});
    add("first page", {.kind = ShapeKind::kList, .rows_field = 1});
    add("page of some",
        {.kind = ShapeKind::kList, .columns = {all.back()}, .continued = true, .rows_field = 1});
    add("create", {.kind = ShapeKind::kCreate, .columns = all});
    add("upsert", {.kind = ShapeKind::kUpsert, .columns = all});
    add("update of one", {.kind = ShapeKind::kUpdate, .columns = {changed.front()}});
    add("update of all", {.kind = ShapeKind::kUpdate, .columns = changed});
    add("update of none", {.kind = ShapeKind::kUpdate});
    add("delete", {.kind = ShapeKind::kDelete});
  }
  return out;
}

TEST(Statements, OfTheShippedContract) {
  ExpectGolden("shipped_statements.sql", AllStatements(ShippedContract()));
}

TEST(Statements, OfEveryType) {
  ExpectGolden("types_statements.sql", AllStatements(TypesContract()));
}

TEST(Statements, StayUnderWhatPinsRdsProxy) {
  for (const auto& resource : TypesContract().resources()) {
    const Shape shape{.kind = ShapeKind::kUpsert,
                      .resource = resource.get(),
                      .columns = ClientColumns(*resource)};
    EXPECT_LT(BuildStatement(shape).text.size(), 16U * 1024);
  }
}

}  // namespace
}  // namespace dataservice::test
