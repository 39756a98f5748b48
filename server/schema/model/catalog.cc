#include "schema/model/catalog.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/literals.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/model/identity.h"

namespace dataservice {
namespace {

// $1: our comments begin so. $2, $3: schemas and names of the contract's tables.
constexpr char kTables[] =
    "SELECT c.oid, n.nspname, c.relname, "
    "coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') AS comment, "
    "pg_catalog.array_remove(ARRAY["
    "CASE WHEN c.relrowsecurity THEN 'row level security is on: what its policies hide is not "
    "there for the server' END, "
    "CASE WHEN c.relpersistence = 'u' THEN 'it is UNLOGGED: a crash empties it' END, "
    "CASE WHEN c.relhasrules THEN 'it has rules' END, "
    "CASE WHEN c.relkind = 'p' THEN 'it is partitioned: no index is made on it CONCURRENTLY' END, "
    "CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT "
    "t.tgisinternal) THEN 'it has triggers' END], NULL), "
    "c.relkind = 'p', EXISTS (SELECT FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = c.oid), "
    "CASE WHEN pg_catalog.pg_has_role(c.relowner, 'USAGE') THEN '' ELSE "
    "pg_catalog.pg_get_userbyid(c.relowner) END "
    "FROM pg_catalog.pg_class AS c "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND "
    "(pg_catalog.starts_with(pg_catalog.obj_description(c.oid, 'pg_class'), $1) OR "
    "(n.nspname::text, c.relname::text) IN (SELECT s, t FROM unnest($2::text[], $3::text[]) "
    "AS wanted(s, t))) ORDER BY c.oid";

constexpr char kSchemas[] =
    "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = ANY($1::text[]) ORDER BY nspname";

constexpr char kColumns[] =
    "SELECT a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, "
    "coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), ''), "
    "coalesce(pg_catalog.col_description(a.attrelid, a.attnum), ''), "
    "CASE WHEN a.attcollation <> t.typcollation THEN l.collname ELSE '' END, "
    "a.attidentity <> '' OR a.attgenerated <> '' "
    "FROM pg_catalog.pg_attribute AS a "
    "JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid "
    "LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
    "LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation "
    "WHERE a.attrelid = ANY($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped "
    "ORDER BY a.attrelid, a.attnum";

// What is as the contract makes it is answered by its parts, and rendered here as
// the contract renders it.
constexpr char kConstraints[] =
    "SELECT k.conrelid, k.conname, k.contype, pg_catalog.pg_get_constraintdef(k.oid), "
    "coalesce(pg_catalog.obj_description(k.oid, 'pg_constraint'), ''), k.convalidated, "
    "ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY AS u(num, i) "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.num "
    "ORDER BY u.i), "
    "coalesce(fn.nspname, ''), coalesce(f.relname, ''), "
    "ARRAY(SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY AS u(num, i) "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.num "
    "ORDER BY u.i), "
    "CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'r' THEN 'RESTRICT' "
    "ELSE '' END, "
    "NOT k.condeferrable AND k.confupdtype IN ('a', ' ') AND k.confmatchtype IN ('s', ' '), "
    // A UNIQUE constraint that has no more to it than its columns.
    "k.contype = 'u' AND pg_catalog.pg_get_constraintdef(k.oid) = (SELECT format('UNIQUE (%s)', "
    "string_agg(quote_ident(a.attname), ', ' ORDER BY u.i)) "
    "FROM unnest(k.conkey) WITH ORDINALITY AS u(num, i) "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.num) "
    "FROM pg_catalog.pg_constraint AS k "
    "LEFT JOIN pg_catalog.pg_class AS f ON f.oid = k.confrelid "
    "LEFT JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.relnamespace "
    "WHERE k.conrelid = ANY($1::oid[]) AND k.contype IN ('p', 'f', 'c', 'u') "
    "ORDER BY k.conrelid, k.conname";

// Indexes that no constraint owns. Plain: a B-tree over whole columns and rows, in
// the default order and operator classes.
constexpr char kIndexes[] =
    "SELECT i.indrelid, c.relname, pg_catalog.pg_get_indexdef(i.indexrelid), "
    "coalesce(pg_catalog.obj_description(i.indexrelid, 'pg_class'), ''), "
    "i.indisvalid AND i.indisready, i.indisunique, "
    "ARRAY(SELECT coalesce(a.attname, '') FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS u(num, "
    "n) "
    "LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.num "
    "ORDER BY u.n), "
    "m.amname = 'btree' AND i.indpred IS NULL AND i.indexprs IS NULL AND "
    "i.indnatts = i.indnkeyatts AND 0 = ALL (i.indoption::int2[]) AND "
    "NOT EXISTS (SELECT FROM unnest(i.indclass::oid[]) AS u(oid) "
    "JOIN pg_catalog.pg_opclass AS o ON o.oid = u.oid WHERE NOT o.opcdefault) AND "
    "NOT EXISTS (SELECT FROM unnest(i.indkey::int2[], i.indcollation::oid[]) AS u(num, coll) "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.num "
    "WHERE a.attcollation <> u.coll), "
    // PostgreSQL manual, REINDEX, "Rebuilding Indexes Concurrently".
    "NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND NOT EXISTS "
    "(SELECT FROM pg_catalog.pg_stat_progress_create_index AS p WHERE p.relid = i.indrelid) "
    "FROM pg_catalog.pg_index AS i "
    "JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid "
    "JOIN pg_catalog.pg_am AS m ON m.oid = c.relam "
    "WHERE i.indrelid = ANY($1::oid[]) AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS k "
    "WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid) ORDER BY i.indrelid, c.relname";

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

std::vector<std::string> Elements(const char* text) {
  std::vector<std::string> out;
  ArrayReader reader(text);
  for (std::string element; reader.Next(element);) out.push_back(element);
  return out;
}

std::string NameList(const std::vector<std::string>& names) {
  return absl::StrJoin(names, ", ", [](std::string* out, const std::string& name) {
    out->append(Identifier(name));
  });
}

SchemaColumn ColumnOf(const pqxx::row& row) {
  SchemaColumn column;
  column.name = row[1].c_str();
  column.type = ShortTypeName(row[2].c_str());
  column.not_null = row[3].as<bool>();
  column.default_value = row[4].c_str();
  column.comment = row[5].c_str();
  column.collation = row[6].c_str();
  column.generated = row[7].as<bool>();
  return column;
}

SchemaObject ConstraintOf(const pqxx::row& row) {
  const auto own = OwnText({row[4].c_str(), row[4].size()});
  SchemaObject object{.name = row[1].c_str(),
                      .definition = row[3].c_str(),
                      .columns = Elements(row[6].c_str()),
                      .valid = row[5].as<bool>(),
                      .ours = own.has_value()};
  const std::string type = row[2].c_str();
  const bool plain = row[11].as<bool>();
  object.kind = type == "p"   ? ObjectKind::kPrimaryKey
                : type == "f" ? ObjectKind::kForeignKey
                : type == "u" ? ObjectKind::kUnique
                              : ObjectKind::kCheck;
  object.plain_unique = row[12].as<bool>();
  if (type == "f") {
    object.reference =
        ReferencedTable{absl::StrCat(Identifier(row[7].c_str()), ".", Identifier(row[8].c_str())),
                        Elements(row[9].c_str()), row[10].c_str()};
  }
  if (type == "c" && own) {
    object.definition = *own;
  } else if (type == "p" && plain) {
    object.definition = absl::StrCat("PRIMARY KEY (", NameList(object.columns), ")");
  } else if (type == "f" && plain) {
    object.definition = absl::StrCat(
        "FOREIGN KEY (", NameList(object.columns), ") REFERENCES ", object.reference->table, " (",
        NameList(object.reference->columns), ") ON DELETE ", object.reference->on_delete);
  }
  return object;
}

SchemaObject IndexOf(const pqxx::row& row) {
  SchemaObject object{.name = row[1].c_str(),
                      .definition = row[2].c_str(),
                      .columns = Elements(row[6].c_str()),
                      .valid = row[4].as<bool>(),
                      .ours = OwnText({row[3].c_str(), row[3].size()}).has_value(),
                      .leftover = row[8].as<bool>()};
  object.kind = row[5].as<bool>() ? ObjectKind::kUniqueIndex : ObjectKind::kIndex;
  if (row[7].as<bool>()) {
    object.definition = absl::StrCat(row[5].as<bool>() ? "UNIQUE INDEX (" : "INDEX (",
                                     NameList(object.columns), ")");
  }
  return object;
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
  for (const auto& row : *existing) model.schemas.push_back(row[0].c_str());
  std::map<std::string, size_t> positions;
  std::vector<std::string> oids;
  for (const auto& row : *tables) {
    oids.push_back(row[0].c_str());
    positions[oids.back()] = model.tables.size();
    model.tables.push_back(
        {.schema = row[1].c_str(), .name = row[2].c_str(), .comment = row[3].c_str()});
    SchemaTable& table = model.tables.back();
    table.oddities = Elements(row[4].c_str());
    table.kind = row[5].as<bool>()   ? TableKind::kPartitioned
                 : row[6].as<bool>() ? TableKind::kChild
                                     : TableKind::kOrdinary;
    table.other_owner = row[7].c_str();
  }
  const auto columns = session.Query(kColumns, {TextArray(oids)});
  if (!columns.ok()) return columns.status();
  const auto constraints = session.Query(kConstraints, {TextArray(oids)});
  if (!constraints.ok()) return constraints.status();
  const auto indexes = session.Query(kIndexes, {TextArray(oids)});
  if (!indexes.ok()) return indexes.status();
  const auto table_of = [&](const pqxx::row& row) -> SchemaTable& {
    return model.tables[positions.at(row[0].c_str())];
  };
  for (const auto& row : *columns) table_of(row).columns.push_back(ColumnOf(row));
  for (const auto& row : *constraints) table_of(row).constraints.push_back(ConstraintOf(row));
  for (const auto& row : *indexes) table_of(row).indexes.push_back(IndexOf(row));
  return model;
}

}  // namespace dataservice
