// A schema as DDL.
#pragma once

#include <string>
#include <vector>

#include "schema/model.h"

namespace dataservice {

// The statements that make the schema in an empty database, in order, each
// without its semicolon.
std::vector<std::string> CreateStatements(const SchemaModel& model);

// The statements that give the roles their rights, and no more.
std::vector<std::string> GrantStatements(const SchemaModel& model, const SchemaRoles& roles);

// The statements as a script for psql, with the model's notes as comments.
std::string DdlScript(const SchemaModel& model, const SchemaRoles& roles);

// schema.table of a model's table.
std::string TableName(const SchemaTable& table);

}  // namespace dataservice
