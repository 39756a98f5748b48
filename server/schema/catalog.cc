#include "schema/catalog.h"

#include "absl/strings/str_cat.h"
#include "schema/ddl.h"
#include "sql/text.h"

namespace dataservice {
namespace {

constexpr char kTable[] =
    "SELECT c.oid, coalesce(obj_description(c.oid, 'pg_class'), '') FROM pg_catalog.pg_class AS c "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')";

constexpr char kColumns[] =
    "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, "
    "coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), ''), "
    "coalesce(pg_catalog.col_description(a.attrelid, a.attnum), ''), "
    "CASE WHEN a.attcollation <> t.typcollation THEN l.collname ELSE '' END "
    "FROM pg_catalog.pg_attribute AS a "
    "JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid "
    "LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
    "LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation "
    "WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

constexpr char kConstraints[] =
    "SELECT conname, pg_catalog.pg_get_constraintdef(oid), "
    "coalesce(pg_catalog.obj_description(oid, 'pg_constraint'), ''), convalidated "
    "FROM pg_catalog.pg_constraint WHERE conrelid = $1::oid AND contype IN ('p', 'f', 'c', 'u') "
    "ORDER BY conname";

// Indexes that no constraint owns.
constexpr char kIndexes[] =
    "SELECT c.relname, pg_catalog.pg_get_indexdef(i.indexrelid), "
    "coalesce(pg_catalog.obj_description(i.indexrelid, 'pg_class'), ''), i.indisvalid "
    "FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid "
    "WHERE i.indrelid = $1::oid AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS k "
    "WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid) ORDER BY c.relname";

// PostgreSQL's long names of types, as DDL writes them.
std::string ShortTypeName(std::string name) {
  const auto replace = [&](std::string_view from, std::string_view to) {
    const size_t at = name.find(from);
    if (at != std::string::npos) name.replace(at, from.size(), to);
  };
  replace("character varying", "varchar");
  replace("timestamp with time zone", "timestamptz");
  replace("numeric(20,0)", "numeric(20)");
  return name;
}

std::vector<SchemaObject> Objects(const pqxx::result& rows) {
  std::vector<SchemaObject> out;
  for (const auto& row : rows) {
    SchemaObject object;
    object.name = row[0].c_str();
    const std::string_view comment(row[2].c_str(), row[2].size());
    object.definition = comment.starts_with(kCommentPrefix)
                            ? std::string(comment.substr(kCommentPrefix.size()))
                            : std::string(row[1].c_str());
    object.valid = row[3].as<bool>();
    out.push_back(std::move(object));
  }
  return out;
}

std::vector<SchemaColumn> Columns(const pqxx::result& rows) {
  std::vector<SchemaColumn> out;
  for (const auto& row : rows) {
    SchemaColumn column;
    column.name = row[0].c_str();
    column.type = ShortTypeName(row[1].c_str());
    column.not_null = row[2].as<bool>();
    column.default_value = row[3].c_str();
    column.comment = row[4].c_str();
    column.collation = row[5].c_str();
    out.push_back(std::move(column));
  }
  return out;
}

}  // namespace

absl::StatusOr<SchemaModel> ModelOfCatalog(SchemaSession& session, const SchemaModel& wanted) {
  SchemaModel model;
  for (const SchemaTable& table : wanted.tables) {
    const auto found = session.Query(kTable, {table.schema, table.name});
    if (!found.ok()) return found.status();
    if (found->empty()) continue;
    const std::string oid = (*found)[0][0].c_str();
    const auto columns = session.Query(kColumns, {oid});
    if (!columns.ok()) return columns.status();
    const auto constraints = session.Query(kConstraints, {oid});
    if (!constraints.ok()) return constraints.status();
    const auto indexes = session.Query(kIndexes, {oid});
    if (!indexes.ok()) return indexes.status();
    model.tables.push_back({.schema = table.schema,
                            .name = table.name,
                            .comment = (*found)[0][1].c_str(),
                            .columns = Columns(*columns),
                            .constraints = Objects(*constraints),
                            .indexes = Objects(*indexes)});
  }
  return model;
}

absl::StatusOr<std::vector<std::string>> MissingRights(SchemaSession& session,
                                                       const SchemaModel& model,
                                                       const SchemaRoles& roles) {
  std::vector<std::string> missing;
  for (const auto& [role, rights] : {std::pair(roles.app, &SchemaTable::app_rights),
                                     std::pair(roles.reader, &SchemaTable::reader_rights)}) {
    if (role.empty()) continue;
    const auto exists = session.Query("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", {role});
    if (!exists.ok()) return exists.status();
    if (exists->empty()) return absl::NotFoundError(absl::StrCat("there is no role ", role));
    for (const SchemaTable& table : model.tables) {
      // has_table_privilege is true if one of several is held, so each is asked.
      const auto held = session.Query(
          "SELECT coalesce(bool_and(pg_catalog.has_table_privilege($1, $2::regclass, p)), true) "
          "AND pg_catalog.has_schema_privilege($1, $3, 'USAGE') "
          "FROM pg_catalog.unnest(pg_catalog.string_to_array($4, ', ')) AS p",
          {role, TableName(table), table.schema, table.*rights});
      if (!held.ok()) return held.status();
      if (!(*held)[0][0].as<bool>()) {
        missing.push_back(absl::StrCat("role ", role, " lacks rights on ", TableName(table)));
      }
    }
  }
  return missing;
}

}  // namespace dataservice
