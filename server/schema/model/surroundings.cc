#include "schema/model/surroundings.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "postgres/named_row.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/model/history_table.h"

namespace dataservice::schema {
namespace {

// $1, $2: schemas and names of the database's tables. A dependency of type 'n' prevents changes of
// the referenced object (PostgreSQL manual, 53.18 pg_depend).
constexpr char kDependants[] =
    "WITH t AS (SELECT c.oid, c.reltype, n.nspname, c.relname FROM pg_catalog.pg_class AS c "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "JOIN unnest($1::text[], $2::text[]) AS w(s, r) ON w.s = n.nspname AND w.r = c.relname), "
    "d AS (SELECT t.oid, p.refobjsubid, p.classid, p.objid, p.objsubid FROM t "
    "JOIN pg_catalog.pg_depend AS p ON p.refobjid = t.oid "
    "AND p.refclassid = 'pg_catalog.pg_class'::regclass WHERE p.deptype = 'n'), "
    "found(oid, num, kind, name, home) AS ("
    "SELECT d.oid, d.refobjsubid, CASE v.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN "
    "'materialized view' ELSE 'rule' END, CASE WHEN v.relkind IN ('v', 'm') THEN "
    "format('%I.%I', n.nspname, v.relname) ELSE "
    "format('%I on %I.%I', r.rulename, n.nspname, v.relname) END, "
    "CASE WHEN v.relkind NOT IN ('v', 'm') THEN v.oid END "
    "FROM d JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid "
    "JOIN pg_catalog.pg_class AS v ON v.oid = r.ev_class "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = v.relnamespace "
    "WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass "
    "UNION ALL SELECT d.oid, d.refobjsubid, 'function', format('%I.%I(%s)', n.nspname, f.proname, "
    "pg_catalog.pg_get_function_identity_arguments(f.oid)), NULL "
    "FROM d JOIN pg_catalog.pg_proc AS f ON f.oid = d.objid "
    "JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace "
    "WHERE d.classid = 'pg_catalog.pg_proc'::regclass "
    "UNION ALL SELECT d.oid, d.refobjsubid, 'trigger', "
    "format('%I on %s', g.tgname, g.tgrelid::regclass), g.tgrelid "
    "FROM d JOIN pg_catalog.pg_trigger AS g ON g.oid = d.objid "
    "WHERE d.classid = 'pg_catalog.pg_trigger'::regclass AND NOT g.tgisinternal "
    "UNION ALL SELECT d.oid, d.refobjsubid, 'policy', "
    "format('%I on %s', l.polname, l.polrelid::regclass), l.polrelid "
    "FROM d JOIN pg_catalog.pg_policy AS l ON l.oid = d.objid "
    "WHERE d.classid = 'pg_catalog.pg_policy'::regclass "
    "UNION ALL SELECT d.oid, d.refobjsubid, 'publication', format('%I', b.pubname), NULL "
    "FROM d JOIN pg_catalog.pg_publication_rel AS r ON r.oid = d.objid "
    "JOIN pg_catalog.pg_publication AS b ON b.oid = r.prpubid "
    "WHERE d.classid = 'pg_catalog.pg_publication_rel'::regclass "
    // Up to version 14 the dependency is that of the column, later that of its expression.
    "UNION ALL SELECT t.oid, p.refobjsubid, 'generated column', "
    "format('%s.%I', a.attrelid::regclass, a.attname), a.attrelid "
    "FROM t JOIN pg_catalog.pg_depend AS p ON p.refobjid = t.oid "
    "AND p.refclassid = 'pg_catalog.pg_class'::regclass "
    "LEFT JOIN pg_catalog.pg_attrdef AS e ON p.classid = 'pg_catalog.pg_attrdef'::regclass "
    "AND e.oid = p.objid "
    "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attgenerated <> '' "
    "AND a.attnum <> p.refobjsubid AND (a.attnum = e.adnum OR "
    "(p.classid = 'pg_catalog.pg_class'::regclass AND p.objid = t.oid AND a.attnum = p.objsubid)) "
    "WHERE p.refobjsubid > 0 "
    "UNION ALL SELECT t.oid, u.num, 'foreign key', "
    "format('%I on %s', k.conname, k.conrelid::regclass), k.conrelid "
    "FROM t JOIN pg_catalog.pg_constraint AS k ON k.confrelid = t.oid AND k.contype = 'f' "
    "AND k.conparentid = 0 CROSS JOIN unnest(k.confkey) AS u(num) "
    "UNION ALL SELECT t.oid, 0, 'child table', h.inhrelid::regclass::text, h.inhrelid "
    "FROM t JOIN pg_catalog.pg_inherits AS h ON h.inhparent = t.oid "
    "UNION ALL SELECT t.oid, 0, 'row type', format('%s.%I', a.attrelid::regclass, a.attname), "
    "a.attrelid FROM t JOIN pg_catalog.pg_type AS y ON y.oid = t.reltype "
    "JOIN pg_catalog.pg_attribute AS a ON a.atttypid IN (y.oid, y.typarray) "
    "AND NOT a.attisdropped AND a.attnum > 0 "
    "JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'm', 'f')) "
    "SELECT DISTINCT t.nspname AS schema, t.relname AS table_name, f.kind, f.name, "
    "hn.nspname AS home_schema, h.relname AS home_name, a.attname AS column_name FROM found AS f "
    "JOIN t ON t.oid = f.oid "
    "LEFT JOIN pg_catalog.pg_class AS h ON h.oid = f.home "
    "LEFT JOIN pg_catalog.pg_namespace AS hn ON hn.oid = h.relnamespace "
    "LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = f.oid AND a.attnum = f.num "
    "ORDER BY schema, table_name, kind, name, column_name NULLS FIRST";

// $1, $2: schemas and names that the contract needs. A table's name is also that of a type.
constexpr char kTaken[] =
    "WITH w AS (SELECT DISTINCT s, r FROM unnest($1::text[], $2::text[]) AS w(s, r)) "
    "SELECT n.nspname AS schema, c.relname AS name, CASE WHEN c.relkind IN ('r', 'p') THEN 'table' "
    "WHEN c.relkind IN ('i', 'I') THEN CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_constraint AS "
    "k WHERE k.conindid = c.oid AND k.conrelid = i.indrelid) THEN 'constraint' ELSE 'index' END "
    "WHEN c.relkind IN ('v', 'm') THEN 'view' WHEN c.relkind = 'S' THEN 'sequence' ELSE 'other' "
    "END AS kind, tn.nspname AS table_schema, t.relname AS table_name "
    "FROM w JOIN pg_catalog.pg_namespace AS n ON n.nspname = w.s "
    "JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = w.r "
    "LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid "
    "LEFT JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid "
    "LEFT JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace "
    "UNION ALL SELECT n.nspname, y.typname, 'type', NULL, NULL "
    "FROM w JOIN pg_catalog.pg_namespace AS n ON n.nspname = w.s "
    "JOIN pg_catalog.pg_type AS y ON y.typnamespace = n.oid AND y.typname = w.r "
    "WHERE y.typrelid = 0 AND y.typelem = 0 ORDER BY schema, name, kind";

constexpr char kSchemas[] =
    "SELECT n.nspname AS name, pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS may_create "
    "FROM pg_catalog.pg_namespace AS n WHERE n.nspname = ANY($1::text[])";

constexpr char kRole[] =
    "SELECT pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') "
    "AS may_create, current_user AS name";

const std::map<std::string, DependantKind>& DependantKinds() {
  static const auto& kinds = *new std::map<std::string, DependantKind>{
      {"view", DependantKind::kView},
      {"materialized view", DependantKind::kMaterializedView},
      {"rule", DependantKind::kRule},
      {"function", DependantKind::kFunction},
      {"trigger", DependantKind::kTrigger},
      {"policy", DependantKind::kPolicy},
      {"generated column", DependantKind::kGeneratedColumn},
      {"publication", DependantKind::kPublication},
      {"foreign key", DependantKind::kForeignKey},
      {"child table", DependantKind::kChildTable},
      {"row type", DependantKind::kRowType}};
  return kinds;
}

TakenBy TakenByOf(const std::string& kind) {
  if (kind == "table") return TakenBy::kTable;
  if (kind == "index") return TakenBy::kIndex;
  if (kind == "constraint") return TakenBy::kConstraintIndex;
  if (kind == "view") return TakenBy::kView;
  if (kind == "sequence") return TakenBy::kSequence;
  return kind == "type" ? TakenBy::kType : TakenBy::kOther;
}

struct Names {
  std::vector<std::string> schemas;
  std::vector<std::string> names;

  void Add(const std::string& schema, const std::string& name) {
    schemas.push_back(schema);
    names.push_back(name);
  }
};

// TableName of a table of the catalog; empty for none. PostgreSQL's own quoting may differ.
std::string NameOf(const std::string& schema, const std::string& name) {
  return name.empty() ? "" : QualifiedName(schema, name);
}

absl::Status ReadDependants(SchemaSession& session, const SchemaModel& actual, Surroundings& out) {
  Names tables;
  for (const SchemaTable& table : actual.tables) tables.Add(table.schema, table.name);
  const auto found =
      session.Query(kDependants, {TextArray(tables.schemas), TextArray(tables.names)});
  if (!found.ok()) return found.status();
  for (const auto& each : *found) {
    const NamedRow row(each);
    out.dependants[NameOf(row.Text("schema"), row.Text("table_name"))].push_back(
        {.kind = DependantKinds().at(row.Text("kind")),
         .name = row.Text("name"),
         .table = NameOf(row.Text("home_schema"), row.Text("home_name")),
         .column = row.Text("column_name")});
  }
  return absl::OkStatus();
}

absl::Status ReadTaken(SchemaSession& session, const SchemaModel& wanted, Surroundings& out) {
  Names names;
  for (const SchemaTable& table : wanted.tables) {
    names.Add(table.schema, table.name);
    for (const SchemaObject& index : table.indexes) names.Add(table.schema, index.name);
    for (const SchemaObject& constraint : table.constraints) {
      if (IsPrimaryKey(constraint)) names.Add(table.schema, constraint.name);
    }
  }
  const auto found = session.Query(kTaken, {TextArray(names.schemas), TextArray(names.names)});
  if (!found.ok()) return found.status();
  for (const auto& each : *found) {
    const NamedRow row(each);
    out.taken.push_back({.schema = row.Text("schema"),
                         .name = row.Text("name"),
                         .by = TakenByOf(row.Text("kind")),
                         .table = NameOf(row.Text("table_schema"), row.Text("table_name"))});
  }
  return absl::OkStatus();
}

absl::Status ReadRole(SchemaSession& session, const SchemaModel& wanted, Surroundings& out) {
  const auto role = session.Query(kRole);
  if (!role.ok()) return role.status();
  const NamedRow own(role->front());
  out.may_create_schemas = own.Flag("may_create");
  out.role = own.Text("name");
  const auto schemas = session.Query(kSchemas, {TextArray(wanted.schemas)});
  if (!schemas.ok()) return schemas.status();
  for (const auto& each : *schemas) {
    const NamedRow row(each);
    if (!row.Flag("may_create")) out.closed_schemas.insert(row.Text("name"));
  }
  return absl::OkStatus();
}

absl::Status ReadDone(SchemaSession& session, const SchemaModel& actual, const std::string& digest,
                      Surroundings& out) {
  for (const SchemaTable& table : actual.tables) {
    if (table.comment != HistoryTable(table.schema).comment || !table.other_owner.empty()) continue;
    const std::string history = TableName(table);
    const auto found = session.Query(
        absl::StrCat("SELECT step FROM ", history, " WHERE contract_digest = $1 AND apply_time > ",
                     "coalesce((SELECT max(apply_time) FROM ", history,
                     " WHERE contract_digest <> $1), '-infinity')"),
        {digest});
    if (!found.ok()) return found.status();
    for (const auto& row : *found) out.done.insert(NamedRow(row).Text("step"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Surroundings> SurroundingsOf(SchemaSession& session, const SchemaModel& wanted,
                                            const SchemaModel& actual, const std::string& digest) {
  Surroundings out;
  absl::Status status = ReadDependants(session, actual, out);
  if (status.ok()) status = ReadTaken(session, wanted, out);
  if (status.ok()) status = ReadRole(session, wanted, out);
  if (status.ok()) status = ReadDone(session, actual, digest, out);
  if (!status.ok()) return status;
  return out;
}

}  // namespace dataservice::schema
