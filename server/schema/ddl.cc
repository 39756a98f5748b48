#include "schema/ddl.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sql/text.h"

namespace dataservice {
namespace {

bool IsForeignKey(const SchemaObject& constraint) {
  return constraint.definition.starts_with("FOREIGN KEY");
}

std::string ColumnText(const SchemaColumn& column) {
  std::string out = absl::StrCat(Identifier(column.name), " ", column.type);
  if (!column.collation.empty()) absl::StrAppend(&out, " COLLATE \"", column.collation, "\"");
  if (column.not_null) absl::StrAppend(&out, " NOT NULL");
  if (!column.default_value.empty()) absl::StrAppend(&out, " DEFAULT ", column.default_value);
  return out;
}

std::string ConstraintText(const SchemaObject& constraint) {
  return absl::StrCat("CONSTRAINT ", Identifier(constraint.name), " ", constraint.definition);
}

std::string CreateTable(const SchemaTable& table) {
  std::vector<std::string> lines;
  for (const SchemaColumn& column : table.columns) lines.push_back(ColumnText(column));
  for (const SchemaObject& constraint : table.constraints) {
    if (!IsForeignKey(constraint)) lines.push_back(ConstraintText(constraint));
  }
  return absl::StrCat("CREATE TABLE ", TableName(table), " (\n  ", absl::StrJoin(lines, ",\n  "),
                      "\n)");
}

void AddComments(const SchemaTable& table, std::vector<std::string>& out) {
  const std::string name = TableName(table);
  const auto comment = [&](const std::string& object, const std::string& text) {
    out.push_back(absl::StrCat("COMMENT ON ", object, " IS ", Literal(text)));
  };
  comment(absl::StrCat("TABLE ", name), table.comment);
  for (const SchemaColumn& column : table.columns) {
    comment(absl::StrCat("COLUMN ", name, ".", Identifier(column.name)), column.comment);
  }
  for (const SchemaObject& constraint : table.constraints) {
    comment(absl::StrCat("CONSTRAINT ", Identifier(constraint.name), " ON ", name),
            OwnComment(constraint.definition));
  }
  for (const SchemaObject& index : table.indexes) {
    comment(absl::StrCat("INDEX ", Identifier(table.schema), ".", Identifier(index.name)),
            OwnComment(index.definition));
  }
}

std::set<std::string> SchemasOf(const SchemaModel& model) {
  std::set<std::string> schemas;
  for (const SchemaTable& table : model.tables) schemas.insert(table.schema);
  return schemas;
}

}  // namespace

std::string TableName(const SchemaTable& table) {
  return absl::StrCat(Identifier(table.schema), ".", Identifier(table.name));
}

std::vector<std::string> CreateStatements(const SchemaModel& model) {
  std::vector<std::string> out;
  for (const std::string& schema : SchemasOf(model)) {
    out.push_back(absl::StrCat("CREATE SCHEMA IF NOT EXISTS ", Identifier(schema)));
  }
  for (const SchemaTable& table : model.tables) out.push_back(CreateTable(table));
  // After all tables, because references may form a cycle.
  for (const SchemaTable& table : model.tables) {
    for (const SchemaObject& constraint : table.constraints) {
      if (!IsForeignKey(constraint)) continue;
      out.push_back(
          absl::StrCat("ALTER TABLE ", TableName(table), " ADD ", ConstraintText(constraint)));
    }
    for (const SchemaObject& index : table.indexes) {
      out.push_back(absl::StrCat("CREATE ", index.definition));
    }
    AddComments(table, out);
  }
  return out;
}

std::vector<std::string> GrantStatements(const SchemaModel& model, const SchemaRoles& roles) {
  std::vector<std::string> out;
  const auto grant = [&](const std::string& role, std::string SchemaTable::*rights) {
    if (role.empty()) return;
    for (const std::string& schema : SchemasOf(model)) {
      out.push_back(
          absl::StrCat("GRANT USAGE ON SCHEMA ", Identifier(schema), " TO ", Identifier(role)));
    }
    for (const SchemaTable& table : model.tables) {
      if ((table.*rights).empty()) continue;
      out.push_back(absl::StrCat("GRANT ", table.*rights, " ON ", TableName(table), " TO ",
                                 Identifier(role)));
    }
  };
  grant(roles.app, &SchemaTable::app_rights);
  grant(roles.reader, &SchemaTable::reader_rights);
  return out;
}

std::string DdlScript(const SchemaModel& model, const SchemaRoles& roles) {
  std::string out;
  for (const std::string& note : model.notes) absl::StrAppend(&out, "-- ", note, "\n");
  for (const auto& statements : {CreateStatements(model), GrantStatements(model, roles)}) {
    for (const std::string& statement : statements) absl::StrAppend(&out, statement, ";\n");
  }
  return out;
}

}  // namespace dataservice
