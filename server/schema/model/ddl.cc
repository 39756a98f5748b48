#include "schema/model/ddl.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"
#include "schema/model/identity.h"

namespace dataservice {
namespace {

std::string Comment(const std::string& object, const std::string& text) {
  return absl::StrCat("COMMENT ON ", object, " IS ", Literal(text));
}

std::set<std::string> SchemasOf(const SchemaModel& model) {
  std::set<std::string> schemas;
  for (const SchemaTable& table : model.tables) schemas.insert(table.schema);
  return schemas;
}

}  // namespace

std::string ColumnDefinition(const SchemaColumn& column) {
  std::string out = absl::StrCat(Identifier(column.name), " ", column.type);
  if (!column.collation.empty()) absl::StrAppend(&out, " COLLATE \"", column.collation, "\"");
  if (column.not_null) absl::StrAppend(&out, " NOT NULL");
  if (!column.default_value.empty()) absl::StrAppend(&out, " DEFAULT ", column.default_value);
  return out;
}

std::string ConstraintDefinition(const SchemaObject& constraint) {
  return absl::StrCat("CONSTRAINT ", Identifier(constraint.name), " ", constraint.definition);
}

std::string UniqueIndexDefinition(const std::vector<std::string>& columns) {
  return absl::StrCat("UNIQUE INDEX (",
                      absl::StrJoin(columns, ", ",
                                    [](std::string* out, const std::string& name) {
                                      out->append(Identifier(name));
                                    }),
                      ")");
}

bool IsForeignKey(const SchemaObject& constraint) {
  return constraint.kind == ObjectKind::kForeignKey;
}

bool IsPrimaryKey(const SchemaObject& constraint) {
  return constraint.kind == ObjectKind::kPrimaryKey;
}

bool IsUnique(const SchemaObject& index) { return index.kind == ObjectKind::kUniqueIndex; }

bool KeepsFromDeletion(const SchemaObject& constraint) {
  return constraint.ours && constraint.reference && constraint.reference->on_delete == "RESTRICT";
}

bool NeedsValue(const SchemaColumn& column) {
  return column.not_null && column.default_value.empty() && !column.generated;
}

bool RefersTo(const SchemaObject& constraint, const std::set<std::string>& tables) {
  return constraint.reference && tables.contains(constraint.reference->table);
}

std::string CreateTableStatement(const SchemaTable& table) {
  std::vector<std::string> lines;
  for (const SchemaColumn& column : table.columns) lines.push_back(ColumnDefinition(column));
  for (const SchemaObject& constraint : table.constraints) {
    if (!IsForeignKey(constraint)) lines.push_back(ConstraintDefinition(constraint));
  }
  return absl::StrCat("CREATE TABLE ", TableName(table), " (\n  ", absl::StrJoin(lines, ",\n  "),
                      "\n)");
}

std::string AddConstraintStatement(const SchemaTable& table, const SchemaObject& constraint) {
  return absl::StrCat("ALTER TABLE ", TableName(table), " ADD ", ConstraintDefinition(constraint));
}

std::string CreateIndexStatement(const SchemaTable& table, const SchemaObject& index,
                                 bool concurrently) {
  const std::string& definition = index.definition;
  const size_t columns = definition.find('(');
  return absl::StrCat("CREATE ", definition.substr(0, columns), concurrently ? "CONCURRENTLY " : "",
                      Identifier(index.name), " ON ", TableName(table), " ",
                      definition.substr(columns));
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
                 OwnComment(constraint.definition));
}

std::string CommentOnIndex(const SchemaTable& table, const SchemaObject& index) {
  return Comment(absl::StrCat("INDEX ", Identifier(table.schema), ".", Identifier(index.name)),
                 OwnComment(index.definition));
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

std::vector<std::string> CreateStatements(const SchemaModel& model) {
  std::vector<std::string> out;
  for (const std::string& schema : SchemasOf(model)) {
    out.push_back(absl::StrCat("CREATE SCHEMA IF NOT EXISTS ", Identifier(schema)));
  }
  for (const SchemaTable& table : model.tables) out.push_back(CreateTableStatement(table));
  // After all tables, because references may form a cycle.
  for (const SchemaTable& table : model.tables) {
    for (const SchemaObject& constraint : table.constraints) {
      if (IsForeignKey(constraint)) out.push_back(AddConstraintStatement(table, constraint));
    }
    for (const SchemaObject& index : table.indexes) {
      out.push_back(CreateIndexStatement(table, index, false));
    }
    for (std::string& comment : CommentStatements(table)) out.push_back(std::move(comment));
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
