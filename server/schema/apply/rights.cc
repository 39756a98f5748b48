#include "schema/apply/rights.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "postgres/named_row.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/plan/pairing.h"

namespace dataservice::schema {
namespace {

using RightSet = std::set<std::string>;

// The rights of a role and of PUBLIC on each existing table. The role's are its own, without those
// of roles that it is a member of.
constexpr char kTableRights[] =
    "SELECT n.nspname AS schema, c.relname AS table_name, a.grantee = 0 AS everybody, "
    "a.privilege_type AS right_name, t.attname AS column_name "
    "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "CROSS JOIN LATERAL (SELECT c.relacl AS acl, NULL AS attname UNION ALL "
    "SELECT attacl, attname FROM pg_catalog.pg_attribute WHERE attrelid = c.oid AND "
    "NOT attisdropped) AS t CROSS JOIN LATERAL pg_catalog.aclexplode(t.acl) AS a "
    "WHERE c.relkind IN ('r', 'p') AND "
    "a.grantee IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = $1))";

constexpr char kRole[] =
    "SELECT rolsuper AS superuser, "
    "pg_catalog.has_database_privilege(rolname, pg_catalog.current_database(), 'TEMPORARY') "
    "AS temporary, "
    "(SELECT pg_catalog.pg_has_role(current_user, datdba, 'USAGE') FROM pg_catalog.pg_database "
    "WHERE datname = pg_catalog.current_database()) AS may_revoke, "
    "pg_catalog.pg_has_role(rolname, current_user, 'MEMBER') AS is_owner, "
    "pg_catalog.current_database() AS database_name, "
    "pg_catalog.has_database_privilege(rolname, pg_catalog.current_database(), 'CREATE') "
    "AS create_schemas, "
    "pg_catalog.concat_ws(', ', CASE WHEN rolcreatedb THEN 'CREATEDB' END, "
    "CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END) "
    "AS attributes "
    "FROM pg_catalog.pg_roles WHERE rolname = $1";

constexpr char kSchemaRights[] =
    "SELECT n.nspname AS schema, pg_catalog.has_schema_privilege($1, n.oid, 'USAGE') AS may_use, "
    "pg_catalog.has_schema_privilege($1, n.oid, 'CREATE') AS may_create, "
    "pg_catalog.pg_has_role(current_user, n.nspowner, 'USAGE') AS may_revoke "
    "FROM pg_catalog.pg_namespace AS n "
    "WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

RightSet Split(const std::string& rights) {
  return absl::StrSplit(rights, ", ", absl::SkipEmpty());
}

RightSet Minus(const RightSet& a, const RightSet& b) {
  RightSet out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(out, out.end()));
  return out;
}

class RoleComparison {
 public:
  RoleComparison(SchemaSession& session, const Pairing& pairing, const std::string& role,
                 Rights& out)
      : session_(session), pairing_(pairing), role_(role), name_(Identifier(role)), out_(out) {
    for (const TablePair& pair : pairing.tables) schemas_.insert(pair.wanted->schema);
    grant_ = {.name = absl::StrCat("grant:", role), .schema = *schemas_.begin()};
    revoke_ = {.name = absl::StrCat("revoke:", role), .schema = *schemas_.begin()};
  }

  absl::Status Run(std::string SchemaTable::*rights) {
    absl::Status status = CompareRole();
    if (status.ok() && !all_powerful_) status = CompareSchemas();
    if (status.ok() && !all_powerful_) status = CompareTables(rights);
    if (!status.ok()) return status;
    for (Step* step : {&revoke_, &grant_}) {
      if (!step->sql.empty()) out_.steps.push_back(std::move(*step));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status CompareRole() {
    const auto found = session_.Query(kRole, {role_});
    if (!found.ok()) return found.status();
    if (found->empty()) return absl::NotFoundError(absl::StrCat("there is no role ", role_));
    const NamedRow row(found->front());
    if (row.Flag("superuser") || row.Flag("is_owner")) {
      all_powerful_ = true;
      out_.problems.push_back(absl::StrCat(
          "role ", role_,
          row.Flag("superuser") ? " is a superuser" : " is, or is in, the owner's role",
          ": it may do anything; give the server a role of its own"));
      return absl::OkStatus();
    }
    if (const std::string attributes = row.Text("attributes"); !attributes.empty()) {
      out_.problems.push_back(absl::StrCat("role ", role_, " has ", attributes,
                                           ", which a program does not need: ALTER ROLE"));
    }
    if (row.Flag("temporary")) DenyDatabase(row, "TEMPORARY", "may create temporary tables");
    if (row.Flag("create_schemas")) DenyDatabase(row, "CREATE", "may create schemas");
    return absl::OkStatus();
  }

  // Revokes a right on the database, which the roles do not need.
  void DenyDatabase(const NamedRow& row, const char* right, const char* what) {
    const std::string statement =
        absl::StrCat("REVOKE ", right, " ON DATABASE ", Identifier(row.Text("database_name")),
                     " FROM PUBLIC, ", name_);
    if (row.Flag("may_revoke")) {
      Revoke(what, statement);
    } else {
      out_.problems.push_back(absl::StrCat("role ", role_, " ", what,
                                           "; the database's owner can change it: ", statement));
    }
  }

  absl::Status CompareSchemas() {
    const auto found = session_.Query(kSchemaRights, {role_});
    if (!found.ok()) return found.status();
    std::set<std::string> usable;
    for (const auto& each : *found) {
      const NamedRow row(each);
      const std::string schema = row.Text("schema");
      if (row.Flag("may_use")) usable.insert(schema);
      if (!row.Flag("may_create")) continue;
      const std::string statement =
          absl::StrCat("REVOKE CREATE ON SCHEMA ", Identifier(schema), " FROM PUBLIC, ", name_);
      const std::string what = absl::StrCat("may create objects in schema ", schema);
      if (row.Flag("may_revoke")) {
        Revoke(what, statement);
      } else {
        out_.problems.push_back(absl::StrCat("role ", role_, " ", what,
                                             "; the schema's owner can change it: ", statement));
      }
    }
    for (const std::string& schema : Minus(schemas_, usable)) {
      Grant(absl::StrCat("lacks USAGE on schema ", schema),
            absl::StrCat("GRANT USAGE ON SCHEMA ", Identifier(schema), " TO ", name_));
    }
    return absl::OkStatus();
  }

  absl::Status CompareTables(std::string SchemaTable::*rights) {
    const auto found = session_.Query(kTableRights, {role_});
    if (!found.ok()) return found.status();
    std::map<std::string, RightSet> own;
    std::map<std::string, RightSet> everybody;
    for (const auto& each : *found) {
      const NamedRow row(each);
      const std::string table = QualifiedName(row.Text("schema"), row.Text("table_name"));
      if (!row.Text("column_name").empty()) {
        CompareColumn(row, table);
        continue;
      }
      (row.Flag("everybody") ? everybody : own)[table].insert(row.Text("right_name"));
    }
    for (const TablePair& pair : pairing_.tables) {
      const std::string table = TableName(*pair.wanted);
      const std::string before = pair.actual == nullptr ? "" : TableName(*pair.actual);
      const RightSet wanted = Split(pair.wanted->*rights);
      if (const RightSet missing = Minus(wanted, own[before]); !missing.empty()) {
        const std::string list = absl::StrJoin(missing, ", ");
        Grant(absl::StrCat("lacks ", list, " on ", table),
              absl::StrCat("GRANT ", list, " ON ", table, " TO ", name_));
      }
      if (const RightSet excess = Minus(own[before], wanted); !excess.empty()) {
        const std::string list = absl::StrJoin(excess, ", ");
        Revoke(absl::StrCat("has ", list, " on ", table),
               absl::StrCat("REVOKE ", list, " ON ", table, " FROM ", name_));
      }
      if (!everybody[before].empty()) {
        const std::string list = absl::StrJoin(everybody[before], ", ");
        Revoke(absl::StrCat("has, like everybody, ", list, " on ", table),
               absl::StrCat("REVOKE ", list, " ON ", table, " FROM PUBLIC"));
      }
    }
    return absl::OkStatus();
  }

  // Revokes a right on a column: the tool grants rights on tables only.
  void CompareColumn(const NamedRow& row, const std::string& table) {
    for (const TablePair& pair : pairing_.tables) {
      if (pair.actual == nullptr || TableName(*pair.actual) != table) continue;
      const std::string right =
          absl::StrCat(row.Text("right_name"), " (", Identifier(row.Text("column_name")), ")");
      const bool everybody = row.Flag("everybody");
      Revoke(absl::StrCat("has ", everybody ? "like everybody " : "", right, " on ", table),
             absl::StrCat("REVOKE ", right, " ON ", TableName(*pair.wanted), " FROM ",
                          everybody ? "PUBLIC" : name_));
    }
  }

  void Grant(const std::string& what, const std::string& statement) {
    out_.differences.push_back(absl::StrCat("role ", role_, " ", what));
    grant_.sql.push_back(statement);
  }
  void Revoke(const std::string& what, const std::string& statement) {
    out_.differences.push_back(absl::StrCat("role ", role_, " ", what));
    revoke_.sql.push_back(statement);
  }

  SchemaSession& session_;
  const Pairing& pairing_;
  const std::string& role_;
  const std::string name_;
  Rights& out_;
  RightSet schemas_;
  Step grant_;
  Step revoke_;
  bool all_powerful_ = false;
};

}  // namespace

absl::StatusOr<Rights> CompareRights(SchemaSession& session, const SchemaModel& wanted,
                                     const SchemaModel& actual, const SchemaRoles& roles) {
  Rights out;
  if (wanted.tables.empty()) return out;
  if (!roles.app.empty() && roles.app == roles.reader) {
    return absl::InvalidArgumentError(
        absl::StrCat("role ", roles.app, " cannot be the app's and the reader's at once"));
  }
  const Pairing pairing = Pair(wanted, actual);
  for (const auto& [role, rights] : {std::pair(&roles.app, &SchemaTable::app_rights),
                                     std::pair(&roles.reader, &SchemaTable::reader_rights)}) {
    if (role->empty()) continue;
    absl::Status status = RoleComparison(session, pairing, *role, out).Run(rights);
    if (!status.ok()) return status;
  }
  return out;
}

}  // namespace dataservice::schema
