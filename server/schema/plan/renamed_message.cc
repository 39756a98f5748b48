// Finds messages that were renamed without their tables: one new table is like one removed table.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"
#include "schema/model/identity.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {
namespace {

bool IsSameColumn(const SchemaColumn& a, const SchemaColumn& b) {
  const auto first = IdentityOfColumn(a.comment);
  const auto second = IdentityOfColumn(b.comment);
  return a.name == b.name && a.type == b.type && first && second && first->number == second->number;
}

std::vector<std::string> SharedColumns(const SchemaTable& a, const SchemaTable& b) {
  std::vector<std::string> out;
  for (const SchemaColumn& column : a.columns) {
    const SchemaColumn* other = FindNamed(b.columns, column.name);
    if (other != nullptr && IsSameColumn(column, *other)) out.push_back(Identifier(column.name));
  }
  return out;
}

// More than half of the columns, and more than a key, are the same.
bool LooksLike(const SchemaTable& a, const SchemaTable& b) {
  const size_t shared = SharedColumns(a, b).size();
  return shared > 1 && 2 * shared > std::max(a.columns.size(), b.columns.size());
}

}  // namespace

std::string NoteOfNewTable(const PlanContext& context, const SchemaTable& table) {
  for (const SchemaTable* removed : context.pairing.removed) {
    if (!LooksLike(table, *removed)) continue;
    return absl::StrCat(
        "it is empty. ", TableName(*removed), ", which the contract no longer has (",
        *OwnText(removed->comment),
        "), has the same columns: if the message was renamed, its rows stay there. To keep them, "
        "give the message the old table: option (storage.v1.table) = {name: \"",
        removed->name, "\"}");
  }
  return "";
}

std::string NoteOfRemovedTable(const PlanContext& context, const SchemaTable& removed) {
  for (const TableWork& work : context.tables) {
    const SchemaTable& table = *work.pair->wanted;
    if (!LooksLike(table, removed)) continue;
    if (work.IsNew()) {
      return absl::StrCat("; see create-table:", work.label, " if its message was renamed");
    }
    const std::string columns = absl::StrJoin(SharedColumns(table, removed), ", ");
    return absl::StrCat("; ", TableName(table),
                        " has the same columns: if the message was renamed, copy its rows first, "
                        "as with INSERT INTO ",
                        TableName(table), " (", columns, ") SELECT ", columns, " FROM ",
                        TableName(removed));
  }
  return "";
}

}  // namespace dataservice::schema
