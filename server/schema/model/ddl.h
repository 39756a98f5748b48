// A schema as DDL. Statements come without their semicolons.
#pragma once

#include <string>
#include <vector>

#include "schema/model/model.h"

namespace dataservice::schema {

// "name type COLLATE ... NOT NULL DEFAULT ...", as CREATE TABLE and ADD COLUMN
// take it.
std::string ColumnDefinition(const SchemaColumn& column);

// "CONSTRAINT name CHECK (...)".
std::string ConstraintDefinition(const SchemaObject& constraint);

// Whether each new row has to have a value for the column.
bool NeedsValue(const SchemaColumn& column);

// The table without its foreign keys and indexes.
std::string CreateTableStatement(const SchemaTable& table);
std::string AddConstraintStatement(const SchemaTable& table, const SchemaObject& constraint);
// CREATE INDEX [CONCURRENTLY].
std::string CreateIndexStatement(const SchemaTable& table, const SchemaObject& index,
                                 bool concurrently);

// COMMENT ON, which says what the thing is of the contract.
std::string CommentOnTable(const SchemaTable& table);
std::string CommentOnColumn(const SchemaTable& table, const SchemaColumn& column);
std::string CommentOnConstraint(const SchemaTable& table, const SchemaObject& constraint);
std::string CommentOnIndex(const SchemaTable& table, const SchemaObject& index);
// All of a table.
std::vector<std::string> CommentStatements(const SchemaTable& table);

// The statements that make the schema in an empty database, in order.
std::vector<std::string> CreateStatements(const SchemaModel& model);

// The statements that give the roles their rights, and no more.
std::vector<std::string> GrantStatements(const SchemaModel& model, const SchemaRoles& roles);

// The statements as a script for psql, with the model's notes as comments.
std::string DdlScript(const SchemaModel& model, const SchemaRoles& roles);

}  // namespace dataservice::schema
