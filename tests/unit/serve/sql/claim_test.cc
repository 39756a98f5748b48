#include "serve/sql/claim.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "contract/fixture.h"
#include "golden.h"
#include "serve/sql/statement.h"

namespace dataservice::test {
namespace {

std::vector<std::pair<std::string, Shape>> ClaimedShapes(const Resource& resource,
                                                         bool claimed = true) {
  const std::vector<int> all = ClientColumns(resource);
  std::vector<int> changed = all;
  std::erase(changed, resource.key);
  const auto* of = &resource;
  return {{"create", CreateShape{of, all, claimed}},
          {"upsert", UpsertShape{of, all, changed, claimed}},
          {"update of one", UpdateShape{of, {changed.front()}, {}, claimed}},
          {"update of none", UpdateShape{of, {}, {}, claimed}},
          {"delete", DeleteShape{of, claimed}},
          {"delete of what may be missing", DeleteShape{of, claimed, true}}};
}

std::string ClaimedStatements(const Contract& contract) {
  std::string out;
  for (const auto& resource : contract.resources()) {
    if (!resource->claims) continue;
    for (const auto& [name, shape] : ClaimedShapes(*resource)) {
      const Statement statement = BuildStatement(shape);
      absl::StrAppend(&out, "-- ", name, " ", resource->message->full_name(), "\n", statement.text,
                      ";\n\n");
      if (std::holds_alternative<CreateShape>(shape) || name == "delete") {
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

TEST(Claims, OfRowsThatBelongToSomebody) {
  ExpectGolden("owned_claims.sql", ClaimedStatements(OwnedContract()));
}

TEST(Claims, AreParametersOfTheirOwn) {
  for (const auto& resource : TypesContract().resources()) {
    const auto claimed = ClaimedShapes(*resource);
    const auto unclaimed = ClaimedShapes(*resource, false);
    for (size_t i = 0; i < claimed.size(); ++i) {
      EXPECT_EQ(BuildStatement(claimed[i].second).parameters.size(),
                BuildStatement(unclaimed[i].second).parameters.size() + 2)
          << claimed[i].first;
    }
  }
}

TEST(Claims, StayUnderWhatPinsRdsProxy) {
  for (const auto& resource : TypesContract().resources()) {
    const UpsertShape shape{.resource = resource.get(),
                            .columns = ClientColumns(*resource),
                            .changes = ClientColumns(*resource),
                            .claimed = true};
    EXPECT_LT(BuildStatement(shape).text.size(), 12U * 1024);
  }
}

}  // namespace
}  // namespace dataservice::test
