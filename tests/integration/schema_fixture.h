// A database whose schema changes from contract to contract.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "contract/fixture.h"
#include "engine_fixture.h"
#include "schema/apply/apply.h"
#include "schema/plan/difference.h"

namespace dataservice::test {

// The schemas of inline contracts are gone before and after each test.
class SchemaChangeTest : public testing::Test {
 protected:
  void SetUp() override { DropAll(); }
  void TearDown() override { DropAll(); }

  static void DropAll();
  // Runs SQL as the owner; fails the test if that fails.
  static void Sql(const std::string& text);
  // The first column of the first row.
  static std::string Value(const std::string& text);

  static absl::StatusOr<schema::DatabasePlan> PlanTo(const schema::SchemaModel& model);
  // The names that --allow needs for all of it.
  static std::set<std::string> Permissions(const schema::DatabasePlan& plan);
  // Applies with every step allowed.
  static absl::StatusOr<std::string> ApplyAll(const schema::SchemaModel& model,
                                              schema::ApplySettings settings = {});
  // What check says; empty if it agrees.
  static std::vector<std::string> Wrong(const schema::SchemaModel& model);
  // The database as the catalogue tells it, as text: two that are equal are the same.
  static std::string Dump(const schema::SchemaModel& model);
};

}  // namespace dataservice::test
