// Why no plan exists.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/model/identity.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {
namespace {

using Refusals = std::vector<std::string>;

// Columns of other programs without which no row can be added.
void AddRequiredColumns(const PlanContext& context, Refusals& out) {
  for (const TablePair& pair : context.pairing.tables) {
    if (pair.actual == nullptr) continue;
    for (const SchemaColumn& column : pair.actual->columns) {
      if (pair.IsWanted(column) || OwnText(column.comment) || !NeedsValue(column)) continue;
      out.push_back(absl::StrCat(TableName(*pair.actual), ": ", column.name,
                                 " is not the contract's, may not be NULL and has no default: no "
                                 "row could be added; give it a default, or drop it"));
    }
  }
}

// Constraints of other programs that have the name of an index of the contract.
void AddIndexNames(const PlanContext& context, Refusals& out) {
  for (const TableWork& work : context.tables) {
    for (const auto& [index, wanted] : work.indexes.replace) {
      if (!index->of_constraint) continue;
      out.push_back(absl::StrCat(TableName(*work.pair->wanted), ": its constraint ", index->name,
                                 " is not the contract's ", DefinitionText(*wanted),
                                 ", and has its name; rename it, or drop it"));
    }
  }
}

void AddKeyTypes(const PlanContext& context, Refusals& out) {
  for (const TableWork& work : context.tables) {
    for (const ColumnPair& column : work.pair->columns) {
      if (!IsUnconvertibleKey(*work.pair, column)) continue;
      out.push_back(absl::StrCat(TableName(*work.pair->wanted), ": its key ", column.wanted->name,
                                 " cannot change from ", column.actual->type, " to ",
                                 column.wanted->type,
                                 "; make a new resource, and move the rows over"));
    }
  }
}

// The statements that give the rows of a table an owner; the tool does not know whose they are.
std::string OwnerStatements(const TablePair& pair, const SchemaObject& from,
                            const SchemaObject& to) {
  const std::string table = TableName(*pair.actual);
  const ColumnPair& owner = *pair.Find(ColumnsOf(to).front());
  std::string out;
  if (owner.actual == nullptr) {
    SchemaColumn column = *owner.wanted;
    column.not_null = false;
    const std::string name = Identifier(column.name);
    out = absl::StrCat("ALTER TABLE ", table, " ADD COLUMN ", ColumnDefinition(column), "; UPDATE ",
                       table, " SET ", name, " = OWNER; ALTER TABLE ", table, " ALTER COLUMN ",
                       name, " SET NOT NULL; ");
  }
  absl::StrAppend(&out, DropConstraintStatement(*pair.actual, from, false), " CASCADE; ",
                  AddConstraintStatement(*pair.actual, to));
  return out;
}

// Empty if the change is none of an owner.
std::string OwnerRefusal(const TablePair& pair, const SchemaObject& from, const SchemaObject& to) {
  const auto& was = ColumnsOf(from);
  const auto& is = ColumnsOf(to);
  if (was.size() == 1 && is.size() == 2 && was.back() == is.back()) {
    return absl::StrCat(TableName(*pair.wanted), ": its rows belong to owners now (", is.front(),
                        "), and the tool does not know to which. Stop the servers, run this with "
                        "the owner of each row as OWNER, in one transaction, and plan again: ",
                        OwnerStatements(pair, from, to));
  }
  if (was.size() == 2 && is.size() == 1 && was.back() == is.back()) {
    return absl::StrCat(TableName(*pair.wanted),
                        ": its keys are no longer those of each owner: every caller would read "
                        "all rows, and owners may have used one key twice. Stop the servers, "
                        "run this in one transaction, and plan again: ",
                        DropConstraintStatement(*pair.actual, from, false), " CASCADE; ",
                        AddConstraintStatement(*pair.actual, to));
  }
  return "";
}

void AddKeys(const PlanContext& context, Refusals& out) {
  for (const TableWork& work : context.tables) {
    for (const auto& [from, to] : work.constraints.replace) {
      if (!IsPrimaryKey(*from) && !IsPrimaryKey(*to)) continue;
      if (std::string owner = OwnerRefusal(*work.pair, *from, *to); !owner.empty()) {
        out.push_back(std::move(owner));
        continue;
      }
      out.push_back(absl::StrCat(TableName(*work.pair->wanted), ": its ", DefinitionText(*from),
                                 " cannot become ", DefinitionText(*to),
                                 "; make a new resource, and move the rows over"));
    }
  }
}

std::string_view KindName(TakenBy by) {
  switch (by) {
    case TakenBy::kTable:
      return "a table";
    case TakenBy::kIndex:
      return "an index";
    case TakenBy::kConstraintIndex:
      return "the index of a constraint";
    case TakenBy::kView:
      return "a view";
    case TakenBy::kSequence:
      return "a sequence";
    case TakenBy::kType:
      return "a type";
    case TakenBy::kOther:
      return "something else";
  }
  return "";
}

// Whether the plan itself frees the name.
bool IsKnown(const PlanContext& context, const TakenName& taken) {
  if (taken.by == TakenBy::kTable) {
    return std::any_of(context.actual.tables.begin(), context.actual.tables.end(),
                       [&](const SchemaTable& table) {
                         return table.schema == taken.schema && table.name == taken.name;
                       });
  }
  for (const SchemaTable& table : context.actual.tables) {
    if (TableName(table) != taken.table) continue;
    for (const auto* objects : {&table.indexes, &table.constraints}) {
      const SchemaObject* object = FindNamed(*objects, taken.name);
      // An object of the same table is the wanted one, or the plan replaces it.
      if (object == nullptr) continue;
      const bool own =
          std::any_of(context.tables.begin(), context.tables.end(), [&](const TableWork& work) {
            return work.pair->actual == &table &&
                   (FindNamed(work.pair->wanted->indexes, taken.name) != nullptr ||
                    FindNamed(work.pair->wanted->constraints, taken.name) != nullptr);
          });
      return object->ours || own;
    }
  }
  return false;
}

// Names that the plan gives to new objects and that other objects have.
void AddTakenNames(const PlanContext& context, Refusals& out) {
  for (const TakenName& taken : context.surroundings.taken) {
    // Only a table cannot have the name of a type.
    const bool matters =
        taken.by != TakenBy::kType ||
        std::any_of(context.tables.begin(), context.tables.end(), [&](const TableWork& work) {
          return work.pair->wanted->schema == taken.schema && work.pair->wanted->name == taken.name;
        });
    if (!matters || IsKnown(context, taken)) continue;
    out.push_back(absl::StrCat(
        QualifiedName(taken.schema, taken.name), " is ", View(KindName(taken.by)),
        taken.table.empty() ? "" : absl::StrCat(" of ", taken.table),
        ": it already has a name that the contract's schema needs; rename it, or drop it"));
  }
}

// The schemas in which the plan creates something.
std::set<std::string> SchemasOf(const PlanContext& context, const std::vector<Step>& steps) {
  std::set<std::string> out;
  for (const Step& step : steps) {
    if (!step.index.empty() || step.locks.empty()) out.insert(step.schema);
  }
  for (const TableWork& work : context.tables) {
    if (work.IsNew()) out.insert(work.pair->wanted->schema);
  }
  return out;
}

// Rights that the tool's role does not have.
void AddMissingRights(const PlanContext& context, const std::vector<Step>& steps, Refusals& out) {
  const Surroundings& around = context.surroundings;
  for (const std::string& schema : SchemasOf(context, steps)) {
    const bool exists = Contains(context.actual.schemas, schema);
    if (!exists && !around.may_create_schemas) {
      out.push_back(
          absl::StrCat("role ", around.role, " may not create schema ", schema,
                       ": its owner can GRANT CREATE ON DATABASE, or create it for the role"));
    }
    if (exists && around.closed_schemas.contains(schema)) {
      out.push_back(absl::StrCat("role ", around.role, " may not make anything in schema ", schema,
                                 ": GRANT CREATE ON SCHEMA ", Identifier(schema), " TO ",
                                 Identifier(around.role)));
    }
  }
}

}  // namespace

Refusals RefusalsOf(const PlanContext& context, const std::vector<Step>& steps) {
  Refusals out;
  AddRequiredColumns(context, out);
  AddIndexNames(context, out);
  AddKeyTypes(context, out);
  AddKeys(context, out);
  AddTakenNames(context, out);
  AddMissingRights(context, steps, out);
  return out;
}

}  // namespace dataservice::schema
