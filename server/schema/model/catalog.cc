#include "schema/model/catalog.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "postgres/named_row.h"
#include "postgres/text.h"
#include "schema/model/identity.h"
#include "schema/model/stored_check.h"

namespace dataservice::schema {
namespace {

// $1: prefix of the tool's comments. $2, $3: schemas and names of the contract's tables.
constexpr char kTables[] =
    "SELECT c.oid AS table_oid, n.nspname AS schema, c.relname AS name, "
    "coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') AS comment, "
    "pg_catalog.array_remove(ARRAY["
    "CASE WHEN c.relrowsecurity THEN 'row level security is on: what its policies hide is not "
    "there for the server' END, "
    "CASE WHEN c.relpersistence = 'u' THEN 'it is UNLOGGED: a crash empties it' END, "
    "CASE WHEN c.relhasrules THEN 'it has rules' END, "
    "CASE WHEN c.relkind = 'p' THEN 'it is partitioned: no index is made on it CONCURRENTLY' END, "
    "CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT "
    "t.tgisinternal) THEN 'it has triggers' END], NULL) AS peculiarities, "
    "c.relkind = 'p' AS partitioned, "
    "EXISTS (SELECT FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = c.oid) AS child, "
    "CASE WHEN pg_catalog.pg_has_role(c.relowner, 'USAGE') THEN '' ELSE "
    "pg_catalog.pg_get_userbyid(c.relowner) END AS other_owner "
    "FROM pg_catalog.pg_class AS c "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND "
    "(pg_catalog.starts_with(pg_catalog.obj_description(c.oid, 'pg_class'), $1) OR "
    "(n.nspname::text, c.relname::text) IN (SELECT s, t FROM unnest($2::text[], $3::text[]) "
    "AS wanted(s, t))) ORDER BY c.oid";

constexpr char kSchemas[] =
    "SELECT nspname AS name FROM pg_catalog.pg_namespace WHERE nspname = ANY($1::text[]) ORDER BY "
    "nspname";

constexpr char kColumns[] =
    "SELECT a.attrelid AS table_oid, a.attname AS name, "
    "pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null, "
    "pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_value, "
    "pg_catalog.col_description(a.attrelid, a.attnum) AS comment, "
    "CASE WHEN a.attcollation <> t.typcollation THEN l.collname ELSE '' END AS collation, "
    "a.attidentity <> '' OR a.attgenerated <> '' AS generated "
    "FROM pg_catalog.pg_attribute AS a "
    "JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid "
    "LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
    "LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation "
    "WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped "
    "ORDER BY a.attrelid, a.attnum";

// A plain key or foreign key has only properties that the contract can express.
constexpr char kConstraints[] =
    "SELECT k.conrelid AS table_oid, k.conname AS name, k.contype AS type, "
    "pg_catalog.pg_get_constraintdef(k.oid) AS native, "
    "pg_catalog.obj_description(k.oid, 'pg_constraint') AS comment, k.convalidated AS valid, "
    "ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY AS u(num, i) "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.num "
    "ORDER BY u.i) AS columns, fn.nspname AS target_schema, f.relname AS target_name, "
    "ARRAY(SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY AS u(num, i) "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.num "
    "ORDER BY u.i) AS target_columns, k.confdeltype AS on_delete, "
    "CASE k.contype WHEN 'u' THEN "
    "pg_catalog.pg_get_constraintdef(k.oid) = (SELECT format('UNIQUE (%s)', "
    "string_agg(quote_ident(a.attname), ', ' ORDER BY u.i)) "
    "FROM unnest(k.conkey) WITH ORDINALITY AS u(num, i) "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.num) "
    "ELSE NOT k.condeferrable AND k.confupdtype IN ('a', ' ') AND k.confmatchtype IN ('s', ' ') "
    "END AS plain "
    "FROM pg_catalog.pg_constraint AS k "
    "LEFT JOIN pg_catalog.pg_class AS f ON f.oid = k.confrelid "
    "LEFT JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.relnamespace "
    "WHERE k.conrelid = ANY($1::oid[]) AND k.contype IN ('p', 'f', 'c', 'u') "
    "ORDER BY k.conrelid, k.conname";

// Indexes that do not belong to constraints. A plain index is a B-tree over columns and all rows,
// in the default order and with the default operator classes.
constexpr char kIndexes[] =
    "SELECT i.indrelid AS table_oid, c.relname AS name, "
    "pg_catalog.pg_get_indexdef(i.indexrelid) AS native, "
    "pg_catalog.obj_description(i.indexrelid, 'pg_class') AS comment, "
    "i.indisvalid AND i.indisready AS valid, i.indisunique AS is_unique, "
    "ARRAY(SELECT coalesce(a.attname, '') FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS u(num, "
    "n) "
    "LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.num "
    "ORDER BY u.n) AS columns, "
    "m.amname = 'btree' AND i.indpred IS NULL AND i.indexprs IS NULL AND "
    "i.indnatts = i.indnkeyatts AND 0 = ALL (i.indoption::int2[]) AND "
    "NOT EXISTS (SELECT FROM unnest(i.indclass::oid[]) AS u(oid) "
    "JOIN pg_catalog.pg_opclass AS o ON o.oid = u.oid WHERE NOT o.opcdefault) AND "
    "NOT EXISTS (SELECT FROM unnest(i.indkey::int2[], i.indcollation::oid[]) AS u(num, coll) "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.num "
    "WHERE a.attcollation <> u.coll) AS plain, "
    // PostgreSQL manual, REINDEX, "Rebuilding Indexes Concurrently".
    "NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND NOT EXISTS "
    "(SELECT FROM pg_catalog.pg_stat_progress_create_index AS p WHERE p.relid = i.indrelid) AS "
    "leftover "
    "FROM pg_catalog.pg_index AS i "
    "JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid "
    "JOIN pg_catalog.pg_am AS m ON m.oid = c.relam "
    "WHERE i.indrelid = ANY($1::oid[]) AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS k "
    "WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid) ORDER BY i.indrelid, c.relname";

// The names of types that our DDL uses, instead of PostgreSQL's longer ones.
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

SchemaTable TableOf(const NamedRow& row) {
  return {.schema = row.Text("schema"),
          .name = row.Text("name"),
          .comment = row.Text("comment"),
          .kind = row.Flag("partitioned") ? TableKind::kPartitioned
                  : row.Flag("child")     ? TableKind::kChild
                                          : TableKind::kOrdinary,
          .other_owner = row.Text("other_owner"),
          .peculiarities = row.List("peculiarities")};
}

SchemaColumn ColumnOf(const NamedRow& row) {
  return {.name = row.Text("name"),
          .type = ShortTypeName(row.Text("type")),
          .collation = row.Text("collation"),
          .not_null = row.Flag("not_null"),
          .default_value = row.Text("default_value"),
          .comment = row.Text("comment"),
          .generated = row.Flag("generated")};
}

OnDelete ActionOf(const std::string& type) {
  if (type == "r") return OnDelete::kRestrict;
  if (type == "c") return OnDelete::kCascade;
  return type == "n" ? OnDelete::kSetNull : OnDelete::kOther;
}

ForeignKey ForeignKeyOf(const NamedRow& row) {
  return {.columns = row.List("columns"),
          .table = QualifiedName(row.Text("target_schema"), row.Text("target_name")),
          .referenced = row.List("target_columns"),
          .on_delete = ActionOf(row.Text("on_delete"))};
}

SchemaObject ConstraintOf(const NamedRow& row) {
  const auto own = OwnText(row.Text("comment"));
  SchemaObject object{
      .name = row.Text("name"), .valid = row.Flag("valid"), .ours = own.has_value()};
  const std::string type = row.Text("type");
  if (type == "c") {
    // PostgreSQL returns its own form of the condition; the comment has ours.
    const auto check = own ? ReadStoredCheck(*own, row.List("columns")) : std::nullopt;
    object.definition = check.value_or(Check{.condition = {}, .columns = row.List("columns")});
    if (!check) object.native_definition = own.value_or(row.Text("native"));
    return object;
  }
  if (type == "p") object.definition = PrimaryKey{row.List("columns")};
  if (type == "f") object.definition = ForeignKeyOf(row);
  if (type == "u") object.definition = Unique{row.List("columns")};
  if (!row.Flag("plain")) object.native_definition = row.Text("native");
  return object;
}

SchemaObject IndexOf(const NamedRow& row) {
  return {.name = row.Text("name"),
          .definition = Index{row.List("columns"), row.Flag("is_unique")},
          .native_definition = row.Flag("plain") ? "" : row.Text("native"),
          .valid = row.Flag("valid"),
          .ours = OwnText(row.Text("comment")).has_value(),
          .leftover = row.Flag("leftover")};
}

}  // namespace

absl::StatusOr<SchemaModel> ModelOfCatalog(SchemaSession& session, const SchemaModel& wanted) {
  std::vector<std::string> schemas;
  std::vector<std::string> names;
  for (const SchemaTable& table : wanted.tables) {
    schemas.push_back(table.schema);
    names.push_back(table.name);
  }
  const auto tables =
      session.Query(kTables, {std::string(kCommentPrefix), TextArray(schemas), TextArray(names)});
  if (!tables.ok()) return tables.status();
  const auto existing = session.Query(kSchemas, {TextArray(wanted.schemas)});
  if (!existing.ok()) return existing.status();
  SchemaModel model;
  for (const auto& row : *existing) model.schemas.push_back(NamedRow(row).Text("name"));
  std::map<std::string, size_t> positions;
  std::vector<std::string> oids;
  for (const auto& row : *tables) {
    oids.push_back(NamedRow(row).Text("table_oid"));
    positions[oids.back()] = model.tables.size();
    model.tables.push_back(TableOf(NamedRow(row)));
  }
  const auto columns = session.Query(kColumns, {TextArray(oids)});
  if (!columns.ok()) return columns.status();
  const auto constraints = session.Query(kConstraints, {TextArray(oids)});
  if (!constraints.ok()) return constraints.status();
  const auto indexes = session.Query(kIndexes, {TextArray(oids)});
  if (!indexes.ok()) return indexes.status();
  const auto table_of = [&](const NamedRow& row) -> SchemaTable& {
    return model.tables[positions.at(row.Text("table_oid"))];
  };
  for (const auto& each : *columns) {
    const NamedRow row(each);
    table_of(row).columns.push_back(ColumnOf(row));
  }
  for (const auto& each : *constraints) {
    const NamedRow row(each);
    table_of(row).constraints.push_back(ConstraintOf(row));
  }
  for (const auto& each : *indexes) {
    const NamedRow row(each);
    table_of(row).indexes.push_back(IndexOf(row));
  }
  return model;
}

}  // namespace dataservice::schema
