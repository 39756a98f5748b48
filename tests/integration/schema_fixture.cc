#include "schema_fixture.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "schema/model/catalog.h"

namespace dataservice::test {
namespace {

using namespace schema;

std::unique_ptr<SchemaSession> Session() {
  auto session = SchemaSession::Connect(OwnerDatabase());
  EXPECT_TRUE(session.ok()) << session.status();
  return *std::move(session);
}

void Append(const SchemaObject& object, std::vector<std::string>& lines) {
  lines.push_back(absl::StrCat("  ", object.name, ": ", DefinitionText(object),
                               object.valid ? "" : " NOT VALID", object.ours ? "" : " (theirs)"));
}

}  // namespace

void SchemaChangeTest::DropAll() { Sql("DROP SCHEMA IF EXISTS test, other, parts CASCADE"); }

void SchemaChangeTest::Sql(const std::string& text) {
  try {
    pqxx::connection connection(OwnerDatabase());
    pqxx::nontransaction(connection).exec(text);
  } catch (const std::exception& e) {
    FAIL() << e.what() << "\nin: " << text;
  }
}

std::string SchemaChangeTest::Value(const std::string& text) {
  const auto rows = Session()->Query(text);
  EXPECT_TRUE(rows.ok()) << rows.status();
  return rows.ok() && !rows->empty() ? (*rows)[0][0].c_str() : "";
}

absl::StatusOr<DatabasePlan> SchemaChangeTest::PlanTo(const SchemaModel& model) {
  return PlanForDatabase(*Session(), model, {});
}

std::set<std::string> SchemaChangeTest::Permissions(const DatabasePlan& plan) {
  std::set<std::string> out;
  for (const Step& step : plan.plan.steps) {
    if (!step.permission.empty()) out.insert(step.permission);
  }
  return out;
}

absl::StatusOr<std::string> SchemaChangeTest::ApplyAll(const SchemaModel& model,
                                                       ApplySettings settings) {
  const auto plan = PlanTo(model);
  if (!plan.ok()) return plan.status();
  settings.allowed = Permissions(*plan);
  return ApplySchema(model, {}, settings);
}

std::vector<std::string> SchemaChangeTest::Wrong(const SchemaModel& model) {
  const auto actual = ModelOfCatalog(*Session(), model);
  EXPECT_TRUE(actual.ok()) << actual.status();
  std::vector<std::string> out;
  for (const Difference& difference : Compare(model, *actual).wrong) {
    out.push_back(difference.text);
  }
  return out;
}

std::string SchemaChangeTest::Dump(const SchemaModel& model) {
  const auto actual = ModelOfCatalog(*Session(), model);
  EXPECT_TRUE(actual.ok()) << actual.status();
  std::vector<std::string> tables;
  for (const SchemaTable& table : actual->tables) {
    // Columns stand in the order in which they came: sorted, they can be compared.
    std::vector<std::string> lines;
    for (const SchemaColumn& column : table.columns) {
      lines.push_back(absl::StrCat("  ", column.name, " ", column.type, " ", column.collation,
                                   column.not_null ? " NOT NULL " : " ", column.default_value, " ",
                                   column.comment));
    }
    for (const SchemaObject& constraint : table.constraints) Append(constraint, lines);
    for (const SchemaObject& index : table.indexes) Append(index, lines);
    std::sort(lines.begin(), lines.end());
    std::string text = absl::StrCat(TableName(table), " ", table.comment, "\n");
    for (const std::string& line : lines) absl::StrAppend(&text, line, "\n");
    tables.push_back(std::move(text));
  }
  std::sort(tables.begin(), tables.end());
  std::string out;
  for (const std::string& table : tables) out += table;
  return out;
}

}  // namespace dataservice::test
