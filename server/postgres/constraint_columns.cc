#include "postgres/constraint_columns.h"

#include "absl/strings/str_cat.h"

namespace dataservice {
namespace {

constexpr std::chrono::minutes kRemembered{1};
constexpr size_t kMostRemembered = 1000;

// $1 schema, $2 table, $3 constraint or index. An index that belongs to no constraint
// depends on its columns, those of its expressions included.
constexpr char kText[] = R"(SELECT rn.nspname, rt.relname, a.attname
FROM pg_catalog.pg_class t
JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
JOIN pg_catalog.pg_class rt ON rt.oid = coalesce(pg_catalog.pg_partition_root(t.oid), t.oid)
JOIN pg_catalog.pg_namespace rn ON rn.oid = rt.relnamespace
CROSS JOIN LATERAL (
SELECT unnest(c.conkey)::integer FROM pg_catalog.pg_constraint c
WHERE c.conrelid = t.oid AND c.conname = $3::name
UNION SELECT d.refobjsubid FROM pg_catalog.pg_class i
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.oid
WHERE i.relname = $3::name AND i.relnamespace = t.relnamespace
AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid) AS k(number)
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND a.attnum > 0
WHERE n.nspname = $1::name AND t.relname = $2::name ORDER BY a.attnum)";

}  // namespace

void ConstraintColumns::Complete(SqlError& error, const StatementLimit& limit) {
  if (error.constraint.empty() || error.table.empty() || !error.columns.empty()) return;
  const auto now = std::chrono::steady_clock::now();
  if (now >= forget_at_ || known_.size() >= kMostRemembered) {
    known_.clear();
    forget_at_ = now + kRemembered;
  }
  // No name has a NUL.
  const std::string id = absl::StrCat(error.schema, std::string(1, '\0'), error.table,
                                      std::string(1, '\0'), error.constraint);
  auto known = known_.find(id);
  if (known == known_.end()) {
    const auto result =
        connection_.Run(kText, {error.schema, error.table, error.constraint}, limit);
    const auto* rows = std::get_if<QueryResult>(&result);
    if (rows == nullptr) return;
    Known read{.schema = error.schema, .table = error.table, .columns = {}};
    for (int i = 0; i < rows->size(); ++i) {
      read.schema = (*rows)[i].text(0);
      read.table = (*rows)[i].text(1);
      read.columns.emplace_back((*rows)[i].text(2));
    }
    known = known_.emplace(id, std::move(read)).first;
  }
  error.schema = known->second.schema;
  error.table = known->second.table;
  error.columns = known->second.columns;
}

}  // namespace dataservice
