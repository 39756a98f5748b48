#include "serve/sql/claim.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "contract/fixture.h"
#include "golden.h"
#include "serve/sql/statement.h"

namespace dataservice::test {
namespace {

std::vector<std::pair<std::string, Shape>> ClaimedShapes(const Resource& resource) {
  const std::vector<int> all = ClientColumns(resource);
  std::vector<int> changed = all;
  std::erase(changed, resource.key);
  return {{"create", {.kind = ShapeKind::kCreate, .columns = all}},
          {"upsert", {.kind = ShapeKind::kUpsert, .columns = all, .changes = changed}},
          {"update of one", {.kind = ShapeKind::kUpdate, .columns = {changed.front()}}},
          {"update of none", {.kind = ShapeKind::kUpdate}},
          {"delete", {.kind = ShapeKind::kDelete}},
          {"delete of what may be missing", {.kind = ShapeKind::kDelete, .allow_missing = true}}};
}

std::string ClaimedStatements(const Contract& contract) {
  std::string out;
  for (const auto& resource : contract.resources()) {
    if (!resource->claims) continue;
    for (auto& [name, shape] : ClaimedShapes(*resource)) {
      shape.resource = resource.get();
      shape.claimed = true;
      const Statement statement = BuildStatement(shape);
      absl::StrAppend(&out, "-- ", name, " ", resource->message->full_name(), "\n", statement.text,
                      ";\n\n");
      if (shape.kind == ShapeKind::kCreate || name == "delete") {
        absl::StrAppend(&out, "-- claims of it\n", statement.claims_text, ";\n\n");
      }
    }
  }
  absl::StrAppend(&out, "-- old claims\n", DeleteClaimsText("types"), ";\n");
  return out;
}

TEST(Claims, OfTheShippedContract) {
  ExpectGolden("shipped_claims.sql", ClaimedStatements(ShippedContract()));
}

TEST(Claims, OfEveryType) { ExpectGolden("types_claims.sql", ClaimedStatements(TypesContract())); }

TEST(Claims, AreParametersOfTheirOwn) {
  for (const auto& resource : TypesContract().resources()) {
    for (auto& [name, shape] : ClaimedShapes(*resource)) {
      shape.resource = resource.get();
      const size_t without = BuildStatement(shape).parameters.size();
      shape.claimed = true;
      EXPECT_EQ(BuildStatement(shape).parameters.size(), without + 2) << name;
    }
  }
}

TEST(Claims, StayUnderWhatPinsRdsProxy) {
  for (const auto& resource : TypesContract().resources()) {
    const Shape shape{.kind = ShapeKind::kUpsert,
                      .resource = resource.get(),
                      .columns = ClientColumns(*resource),
                      .changes = ClientColumns(*resource),
                      .claimed = true};
    EXPECT_LT(BuildStatement(shape).text.size(), 12U * 1024);
  }
}

}  // namespace
}  // namespace dataservice::test
