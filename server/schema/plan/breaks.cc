// What servers of the old contract notice.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "schema/model/ddl.h"
#include "schema/plan/fits.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {
namespace {

constexpr char kWritesFail[] =
    "what servers of the old contract still write may be refused from here on. First replace "
    "them with servers of the new one, then allow it";

bool WasDone(const PlanParts& parts, const std::string& step) {
  return parts.surroundings.done.contains(step);
}

// Servers of the old contract do not write the column: it was not there.
bool IsUnknown(const PlanParts& parts, const TableWork& work, const std::string& name) {
  const ColumnPair* column = work.pair->Find(name);
  return column == nullptr || column->actual == nullptr ||
         WasDone(parts, absl::StrCat("add-column:", work.label, ".", name));
}

// What a row of theirs has in a column that they do not write.
bool HasRefusedDefault(const TableWork& work, const std::string& name) {
  const SchemaColumn& column = *work.pair->Find(name)->wanted;
  return column.refuses_default && (!column.not_null || !column.default_value.empty());
}

bool HasNullDefault(const TableWork& work, const std::string& name) {
  return work.pair->Find(name)->wanted->default_value.empty();
}

void MarkReference(const PlanParts& parts, const TableWork& work, const SchemaObject& constraint,
                   const SchemaObject* instead_of, Step& step) {
  const ForeignKey& key = *AsForeignKey(constraint);
  const ForeignKey* former = instead_of == nullptr ? nullptr : AsForeignKey(*instead_of);
  const bool same_rows = former != nullptr && former->table == key.table &&
                         former->referenced == key.referenced && former->columns == key.columns;
  const bool comes_back =
      WasDone(parts, absl::StrCat("drop-constraint:", work.label, ".", constraint.name)) ||
      std::any_of(work.unlink.begin(), work.unlink.end(),
                  [&](const SchemaObject* other) { return other->name == constraint.name; });
  if (same_rows || comes_back || IsUnknown(parts, work, key.columns.front())) return;
  MarkWrites(parts, work, true, step);
}

}  // namespace

void MarkBreak(const PlanParts& parts, const TableWork& work, bool needed, Step& step) {
  if (work.pair->foreign || WasDone(parts, absl::StrCat("take-over:", work.label)) ||
      WasDone(parts, absl::StrCat("create-table:", work.label))) {
    return;
  }
  step.breaks = true;
  step.permission = step.name;
  step.needed = needed;
}

void MarkWrites(const PlanParts& parts, const TableWork& work, bool needed, Step& step) {
  MarkBreak(parts, work, needed, step);
  if (step.breaks && step.why.empty()) step.why = kWritesFail;
}

void MarkStricter(const PlanParts& parts, const TableWork& work, const SchemaObject& constraint,
                  const SchemaObject* instead_of, Step& step) {
  if (IsPrimaryKey(constraint) || work.IsNew()) return;
  if (AsForeignKey(constraint) != nullptr) {
    return MarkReference(parts, work, constraint, instead_of, step);
  }
  const auto unknown = [&](const std::string& name) { return IsUnknown(parts, work, name); };
  const std::vector<std::string>& columns = ColumnsOf(constraint);
  if (std::all_of(columns.begin(), columns.end(), unknown)) {
    const bool refused = std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
      return HasRefusedDefault(work, name);
    });
    if (refused) MarkWrites(parts, work, false, step);
    return;
  }
  const Check& check = std::get<Check>(constraint.definition);
  // A member that they do not know is never set beside another one.
  const bool gets_members =
      check.at_most_one && instead_of != nullptr &&
      std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
        const std::vector<std::string>& former = ColumnsOf(*instead_of);
        return unknown(name) ||
               std::count(former.begin(), former.end(), name) > 0;
      });
  if (gets_members) return;
  MarkWrites(parts, work, false, step);
  // A column that is made anew has no values yet, and has its rules from the first row on: an
  // interrupted apply would find it without them, and could not prove it again.
  const bool kept = std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const ColumnPair* column = work.pair->Find(name);
    return column->actual == nullptr || KeepsValues(*column);
  });
  if (step.breaks && kept) step.proof = RowsThatBreak(*work.pair, check);
}

void MarkUnique(const PlanParts& parts, const TableWork& work, const SchemaObject& index,
                Step& step) {
  const std::vector<std::string>& columns = ColumnsOf(index);
  const bool has_null =
      std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
        return IsUnknown(parts, work, name) && HasNullDefault(work, name);
      });
  if (!has_null) MarkWrites(parts, work, true, step);
}

}  // namespace dataservice::schema
