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
    const OrderTerm by_key{resource->key};
    const OrderTerm by_last{all.back(), true};
    add("first page", {.kind = ShapeKind::kList, .order = {by_key}});
    add("page of some",
        {.kind = ShapeKind::kList, .columns = {all.back()}, .order = {by_key}, .after = {true}});
    add("counted page in two directions", {.kind = ShapeKind::kList,
                                           .columns = {all.back()},
                                           .order = {by_last, by_key},
                                           .after = {true, true},
                                           .total = true});
    add("page in one direction, downwards", {.kind = ShapeKind::kList,
                                             .order = {by_last, {resource->key, true}},
                                             .after = {true, true}});
    add("page after NULL",
        {.kind = ShapeKind::kList, .order = {{all.back()}, by_key}, .after = {false, true}});
    add("create", {.kind = ShapeKind::kCreate, .columns = all});
    add("upsert", {.kind = ShapeKind::kUpsert, .columns = all, .changes = changed});
    add("upsert that changes one",
        {.kind = ShapeKind::kUpsert, .columns = all, .changes = {changed.front()}});
    add("update of one", {.kind = ShapeKind::kUpdate, .columns = {changed.front()}});
    add("update of all", {.kind = ShapeKind::kUpdate, .columns = changed});
    add("update of none", {.kind = ShapeKind::kUpdate});
    add("delete", {.kind = ShapeKind::kDelete});
    add("first page of an export", {.kind = ShapeKind::kExport, .order = {by_key}});
    add("page of an export", {.kind = ShapeKind::kExport, .order = {by_key}, .after = {true}});
  }
  return out;
}

TEST(Statements, OfTheShippedContract) {
  ExpectGolden("shipped_statements.sql", AllStatements(ShippedContract()));
}

TEST(Statements, OfEveryType) {
  ExpectGolden("types_statements.sql", AllStatements(TypesContract()));
}

TEST(Statements, OfFieldsInsideMessages) {
  const Resource& resource = *TypesContract().resources()[1];
  const int part = resource.Find("part");
  const SubField name{part, {"name"}};
  const SubField inner{part, {"inner", "deep"}};
  const SubField other{part, {"inner", "other"}};
  ExpectGolden("sub_fields.sql", BuildStatement({.kind = ShapeKind::kUpdate,
                                                 .resource = &resource,
                                                 .sub_fields = {inner, other, name}})
                                         .text +
                                     "\n");
}

TEST(Statements, StayUnderWhatPinsRdsProxy) {
  for (const auto& resource : TypesContract().resources()) {
    const Shape shape{.kind = ShapeKind::kUpsert,
                      .resource = resource.get(),
                      .columns = ClientColumns(*resource),
                      .changes = ClientColumns(*resource)};
    EXPECT_LT(BuildStatement(shape).text.size(), 16U * 1024);
  }
}

}  // namespace
}  // namespace dataservice::test
