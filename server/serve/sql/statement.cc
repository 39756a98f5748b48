#include "serve/sql/statement.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "serve/sql/claim.h"
#include "serve/sql/shared_list.h"

namespace dataservice {

namespace {

Statement Build(const GetShape& shape) { return BuildGet(shape); }
Statement Build(const ListShape& shape) {
  return shape.shared_limit > 0 ? BuildSharedLists(shape) : BuildList(shape);
}
Statement Build(const ExportShape& shape) { return BuildExport(shape); }
Statement Build(const CreateShape& shape) { return BuildCreate(shape); }
Statement Build(const UpsertShape& shape) { return BuildUpsert(shape); }
Statement Build(const UpdateShape& shape) { return BuildUpdate(shape); }
Statement Build(const DeleteShape& shape) { return BuildDelete(shape); }
Statement Build(const LockShape& shape) { return BuildLock(shape); }

// The kind of the method that has the statement.
const char* NameOf(const GetShape&) { return "Get"; }
const char* NameOf(const ListShape&) { return "List"; }
const char* NameOf(const ExportShape&) { return "Export"; }
const char* NameOf(const CreateShape&) { return "Create"; }
const char* NameOf(const UpsertShape&) { return "Upsert"; }
const char* NameOf(const UpdateShape&) { return "Update"; }
const char* NameOf(const DeleteShape&) { return "Delete"; }
const char* NameOf(const LockShape&) { return "Lock"; }

// What pg_stat_activity and the log of PostgreSQL show of a statement first.
std::string CommentOf(const Shape& shape) {
  const char* const name = std::visit([](const auto& s) { return NameOf(s); }, shape);
  return absl::StrCat("/* ", name, " ", ResourceOf(shape).message->full_name(), " */ ");
}

// Whether a row that is written keeps jsonb values: those of columns not `written`.
bool KeepsJson(const Resource& resource, const std::vector<int>& written) {
  for (size_t i = 0; i < resource.columns.size(); ++i) {
    const Column& column = resource.columns[i];
    if (column.type != ColumnType::kJsonb) continue;
    const bool replaced =
        std::find(written.begin(), written.end(), static_cast<int>(i)) != written.end();
    if (!replaced || column.immutable) return true;
  }
  return false;
}

bool AnswersOldJson(const Shape& shape) {
  if (const auto* update = std::get_if<UpdateShape>(&shape)) {
    return KeepsJson(*update->resource, update->columns);
  }
  if (const auto* upsert = std::get_if<UpsertShape>(&shape)) {
    return KeepsJson(*upsert->resource, upsert->changes);
  }
  return false;
}

}  // namespace

Statement BuildStatement(const Shape& shape) {
  Statement statement = std::visit([](const auto& s) { return Build(s); }, shape);
  statement.text.insert(0, CommentOf(shape));
  statement.outputs = OutputsOf(shape);
  statement.answers_old_json = AnswersOldJson(shape);
  if (IsClaimed(shape)) statement.claims_text = ClaimsText(shape);
  return statement;
}

int Statement::ResultColumn(int column) const {
  const Column* wanted = &ResourceOf(shape).column(column);
  int position = first_column;
  for (const Output& output : outputs) {
    if (output.column == wanted) break;
    ++position;
  }
  return position;
}

Parameter BatchParameter(const Column& column) {
  Parameter parameter;
  parameter.quote = column.array || !column.traits().plain_text;
  return parameter;
}

std::string BatchTypeName(const Column& column) {
  return column.array ? "text[]" : ValueTypeName(column) + "[]";
}

}  // namespace dataservice
