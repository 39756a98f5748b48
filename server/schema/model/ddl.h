// A schema as DDL. Statements come without their semicolons.
#pragma once

#include <string>
#include <vector>

#include "schema/model/model.h"

namespace dataservice::schema {

// "name type COLLATE ... NOT NULL DEFAULT ...", for CREATE TABLE and ADD COLUMN.
std::string ColumnDefinition(const SchemaColumn& column);

// "CONSTRAINT name CHECK (...)".
std::string ConstraintDefinition(const SchemaObject& constraint);

// Whether every new row must give a value for the column.
bool NeedsValue(const SchemaColumn& column);

// The table without its foreign keys and indexes.
std::string CreateTableStatement(const SchemaTable& table);
std::string AddConstraintStatement(const SchemaTable& table, const SchemaObject& constraint);
// CREATE INDEX [CONCURRENTLY].
std::string CreateIndexStatement(const SchemaTable& table, const SchemaObject& index,
                                 bool concurrently);

// COMMENT ON, with the comment that identifies the object (identity.h).
std::string CommentOnTable(const SchemaTable& table);
std::string CommentOnColumn(const SchemaTable& table, const SchemaColumn& column);
std::string CommentOnConstraint(const SchemaTable& table, const SchemaObject& constraint);
std::string CommentOnIndex(const SchemaTable& table, const SchemaObject& index);
// The comments of a table and of all its parts.
std::vector<std::string> CommentStatements(const SchemaTable& table);

// The statements that create the schema in an empty database, in order.
std::vector<std::string> CreateStatements(const SchemaModel& model);

// The GRANT statements for the roles.
std::vector<std::string> GrantStatements(const SchemaModel& model, const SchemaRoles& roles);

// The statements as a script for psql, with the model's notes as comments.
std::string DdlScript(const SchemaModel& model, const SchemaRoles& roles);

}  // namespace dataservice::schema
