#include "schema/model/ddl.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"
#include "schema/model/identity.h"

namespace dataservice::schema {
namespace {

std::string Comment(const std::string& object, const std::string& text) {
  return absl::StrCat("COMMENT ON ", object, " IS ", Literal(text));
}

std::set<std::string> SchemasOf(const SchemaModel& model) {
  std::set<std::string> schemas;
  for (const SchemaTable& table : model.tables) schemas.insert(table.schema);
  return schemas;
}

// "CONSTRAINT name CHECK (...)".
std::string ConstraintDefinition(const SchemaObject& constraint) {
  return absl::StrCat("CONSTRAINT ", Identifier(constraint.name), " ", DefinitionText(constraint));
}

}  // namespace

std::string ColumnDefinition(const SchemaColumn& column) {
  std::string out = absl::StrCat(Identifier(column.name), " ", column.type);
  if (!column.collation.empty()) absl::StrAppend(&out, " COLLATE \"", column.collation, "\"");
  if (column.not_null) absl::StrAppend(&out, " NOT NULL");
  if (!column.default_value.empty()) absl::StrAppend(&out, " DEFAULT ", column.default_value);
  return out;
}

bool NeedsValue(const SchemaColumn& column) {
  return column.not_null && column.default_value.empty() && !column.generated;
}

std::string CreateTableStatement(const SchemaTable& table) {
  std::vector<std::string> lines;
  for (const SchemaColumn& column : table.columns) lines.push_back(ColumnDefinition(column));
  for (const SchemaObject& constraint : table.constraints) {
    if (AsForeignKey(constraint) == nullptr) lines.push_back(ConstraintDefinition(constraint));
  }
  return absl::StrCat("CREATE TABLE ", TableName(table), " (\n  ", absl::StrJoin(lines, ",\n  "),
                      "\n)");
}

std::string AddConstraintStatement(const SchemaTable& table, const SchemaObject& constraint) {
  return absl::StrCat("ALTER TABLE ", TableName(table), " ADD ", ConstraintDefinition(constraint));
}

std::string DropConstraintStatement(const SchemaTable& table, const SchemaObject& constraint,
                                    bool if_exists) {
  return absl::StrCat("ALTER TABLE ", TableName(table), " DROP CONSTRAINT ",
                      if_exists ? "IF EXISTS " : "", Identifier(constraint.name));
}

std::string CreateIndexStatement(const SchemaTable& table, const SchemaObject& index,
                                 bool concurrently) {
  return absl::StrCat("CREATE ", IsUniqueIndex(index) ? "UNIQUE " : "", "INDEX ",
                      concurrently ? "CONCURRENTLY " : "", Identifier(index.name), " ON ",
                      TableName(table), " (", ColumnList(ColumnsOf(index)), ")");
}

std::string CommentOnTable(const SchemaTable& table) {
  return Comment(absl::StrCat("TABLE ", TableName(table)), table.comment);
}

std::string CommentOnColumn(const SchemaTable& table, const SchemaColumn& column) {
  return Comment(absl::StrCat("COLUMN ", TableName(table), ".", Identifier(column.name)),
                 column.comment);
}

std::string CommentOnConstraint(const SchemaTable& table, const SchemaObject& constraint) {
  return Comment(absl::StrCat("CONSTRAINT ", Identifier(constraint.name), " ON ", TableName(table)),
                 OwnComment(DefinitionText(constraint)));
}

std::string CommentOnIndex(const SchemaTable& table, const SchemaObject& index) {
  return Comment(absl::StrCat("INDEX ", QualifiedName(table.schema, index.name)),
                 OwnComment(DefinitionText(index)));
}

std::vector<std::string> CommentStatements(const SchemaTable& table) {
  std::vector<std::string> out = {CommentOnTable(table)};
  for (const SchemaColumn& column : table.columns) out.push_back(CommentOnColumn(table, column));
  for (const SchemaObject& constraint : table.constraints) {
    out.push_back(CommentOnConstraint(table, constraint));
  }
  for (const SchemaObject& index : table.indexes) out.push_back(CommentOnIndex(table, index));
  return out;
}

namespace {

// The statements that create the schema in an empty database, in order.
std::vector<std::string> CreateStatements(const SchemaModel& model) {
  std::vector<std::string> out;
  for (const std::string& schema : SchemasOf(model)) {
    out.push_back(absl::StrCat("CREATE SCHEMA IF NOT EXISTS ", Identifier(schema)));
  }
  for (const SchemaTable& table : model.tables) out.push_back(CreateTableStatement(table));
  // After all tables, because references may form a cycle.
  for (const SchemaTable& table : model.tables) {
    for (const SchemaObject& constraint : table.constraints) {
      if (AsForeignKey(constraint) != nullptr)
        out.push_back(AddConstraintStatement(table, constraint));
    }
    for (const SchemaObject& index : table.indexes) {
      out.push_back(CreateIndexStatement(table, index, false));
    }
    for (std::string& comment : CommentStatements(table)) out.push_back(std::move(comment));
  }
  return out;
}

// The GRANT statements for the roles.
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

}  // namespace

std::string DdlScript(const SchemaModel& model, const SchemaRoles& roles) {
  std::string out;
  for (const std::string& note : model.notes) absl::StrAppend(&out, "-- ", note, "\n");
  for (const auto& statements : {CreateStatements(model), GrantStatements(model, roles)}) {
    for (const std::string& statement : statements) absl::StrAppend(&out, statement, ";\n");
  }
  return out;
}

}  // namespace dataservice::schema
