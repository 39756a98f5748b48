// How servers of the old contract are affected.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "schema/model/ddl.h"
#include "schema/plan/steps.h"
#include "schema/plan/violation_queries.h"

namespace dataservice::schema {
namespace {

constexpr char kWritesFail[] =
    "what servers of the old contract still write may be refused from here on. First replace "
    "them with servers of the new one, then allow it";

bool WasDone(const PlanContext& context, const std::string& step) {
  return context.surroundings.done.contains(step);
}

// Whether the column is new, so that servers of the old contract do not write it.
bool IsUnknown(const PlanContext& context, const TableWork& work, const std::string& name) {
  const ColumnPair* column = work.pair->Find(name);
  return column == nullptr || column->actual == nullptr ||
         WasDone(context, absl::StrCat("add-column:", work.label, ".", name));
}

// Whether rows of servers that do not write the column violate a rule of it.
bool HasRefusedDefault(const TableWork& work, const std::string& name) {
  const SchemaColumn& column = *work.pair->Find(name)->wanted;
  return column.refuses_default && (!column.not_null || !column.default_value.empty());
}

bool HasNullDefault(const TableWork& work, const std::string& name) {
  return work.pair->Find(name)->wanted->default_value.empty();
}

void MarkReference(const PlanContext& context, const TableWork& work,
                   const SchemaObject& constraint, const SchemaObject* instead_of, Step& step) {
  const ForeignKey& key = *AsForeignKey(constraint);
  const ForeignKey* former = instead_of == nullptr ? nullptr : AsForeignKey(*instead_of);
  const bool same_rows = former != nullptr && former->table == key.table &&
                         former->referenced == key.referenced && former->columns == key.columns;
  const bool comes_back =
      WasDone(context, absl::StrCat("drop-constraint:", work.label, ".", constraint.name)) ||
      std::any_of(work.unlink.begin(), work.unlink.end(),
                  [&](const SchemaObject* other) { return other->name == constraint.name; });
  if (same_rows || comes_back || IsUnknown(context, work, key.columns.back())) return;
  MarkWrites(context, work, true, step);
}

}  // namespace

void MarkBreak(const PlanContext& context, const TableWork& work, bool needed, Step& step) {
  if (work.pair->foreign || WasDone(context, absl::StrCat("take-over:", work.label)) ||
      WasDone(context, absl::StrCat("create-table:", work.label))) {
    return;
  }
  step.breaks = true;
  step.permission = step.name;
  step.needed = needed;
}

void MarkWrites(const PlanContext& context, const TableWork& work, bool needed, Step& step) {
  MarkBreak(context, work, needed, step);
  if (step.breaks && step.why.empty()) step.why = kWritesFail;
}

void MarkStricter(const PlanContext& context, const TableWork& work, const SchemaObject& constraint,
                  const SchemaObject* instead_of, Step& step) {
  if (IsPrimaryKey(constraint) || work.IsNew()) return;
  if (AsForeignKey(constraint) != nullptr) {
    return MarkReference(context, work, constraint, instead_of, step);
  }
  const auto unknown = [&](const std::string& name) { return IsUnknown(context, work, name); };
  const std::vector<std::string>& columns = ColumnsOf(constraint);
  if (std::all_of(columns.begin(), columns.end(), unknown)) {
    const bool refused = std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
      return HasRefusedDefault(work, name);
    });
    if (refused) MarkWrites(context, work, false, step);
    return;
  }
  const Check& check = std::get<Check>(constraint.definition);
  // Servers of the old contract never set a new member together with another one.
  const bool gets_members =
      check.at_most_one && instead_of != nullptr &&
      std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
        return unknown(name) || Contains(ColumnsOf(*instead_of), name);
      });
  if (gets_members) return;
  MarkWrites(context, work, false, step);
  // A recreated column has no values yet. An interrupted apply would find it without its rules,
  // and the proof would fail then, so that none is tried.
  const bool kept = std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const ColumnPair* column = work.pair->Find(name);
    return column->actual == nullptr || KeepsValues(*column);
  });
  if (step.breaks && kept) step.proof = RefusedRows(*work.pair, check);
}

void MarkUnique(const PlanContext& context, const TableWork& work, const SchemaObject& index,
                Step& step) {
  const std::vector<std::string>& columns = ColumnsOf(index);
  const bool has_null = std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
    return IsUnknown(context, work, name) && HasNullDefault(work, name);
  });
  if (!has_null) MarkWrites(context, work, true, step);
}

}  // namespace dataservice::schema
