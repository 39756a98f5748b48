// A schema as DDL. Statements come without their semicolons.
#pragma once

#include <string>
#include <vector>

#include "schema/model/model.h"

namespace dataservice::schema {

// "name type COLLATE ... NOT NULL DEFAULT ...", for CREATE TABLE and ADD COLUMN.
std::string ColumnDefinition(const SchemaColumn& column);

// Whether every new row must give a value for the column.
bool NeedsValue(const SchemaColumn& column);

// The table without its foreign keys and indexes.
std::string CreateTableStatement(const SchemaTable& table);
std::string AddConstraintStatement(const SchemaTable& table, const SchemaObject& constraint);
// ALTER TABLE ... DROP CONSTRAINT [IF EXISTS].
std::string DropConstraintStatement(const SchemaTable& table, const SchemaObject& constraint,
                                    bool if_exists);
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

// A script for psql that creates the schema in an empty database and grants the roles their
// rights, with the model's notes as comments.
std::string DdlScript(const SchemaModel& model, const SchemaRoles& roles);

}  // namespace dataservice::schema
