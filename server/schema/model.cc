#include "schema/model.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema/checks.h"
#include "schema/digest.h"
#include "sql/text.h"

namespace dataservice {
namespace {

constexpr size_t kMaxIdentifier = 63;

// The default of a column that no value was given for: the zero of its type,
// where it has one.
std::string DefaultOf(const Column& column) {
  if (column.origin == ColumnOrigin::kCreateTime || column.origin == ColumnOrigin::kUpdateTime) {
    return "clock_timestamp()";
  }
  if (column.nullable || column.reference) return "";
  if (column.array) return absl::StrCat("'{}'::", DdlTypeName(column));
  switch (column.type) {
    case ColumnType::kText:
      return "''";
    case ColumnType::kBoolean:
      return "false";
    case ColumnType::kInteger:
    case ColumnType::kBigint:
    case ColumnType::kNumeric:
    case ColumnType::kReal:
    case ColumnType::kDouble:
    case ColumnType::kEnum:
      return "0";
    case ColumnType::kBytea:
      return "''::bytea";
    case ColumnType::kJsonb:
      if (!column.field->is_repeated()) return "";
      return column.field->is_map() ? "'{}'::jsonb" : "'[]'::jsonb";
    default:
      return "";
  }
}

std::string CommentOf(const Column& column) {
  std::string text = absl::StrCat(column.field->full_name(), " = ", column.number);
  if (column.type == ColumnType::kEnum) {
    const auto& type = *column.field->enum_type();
    for (int i = 0; i < type.value_count(); ++i) {
      absl::StrAppend(&text, i == 0 ? "; " : ", ", type.value(i)->number(), " ",
                      type.value(i)->name());
    }
  }
  return OwnComment(text);
}

class TableBuilder {
 public:
  TableBuilder(const Resource& resource, std::vector<std::string>& notes)
      : resource_(resource), notes_(notes) {}

  SchemaTable Build() {
    table_.schema = resource_.schema;
    table_.name = resource_.table;
    table_.comment = OwnComment(resource_.message->full_name());
    for (const Column& column : resource_.columns) AddColumn(column);
    AddConstraint(absl::StrCat(resource_.table, "_pkey"),
                  absl::StrCat("PRIMARY KEY (", Identifier(resource_.key_column().name), ")"));
    for (const Column& column : resource_.columns) AddChecks(column);
    AddOneofs();
    for (size_t i = 0; i < resource_.columns.size(); ++i) AddReference(static_cast<int>(i));
    for (const Index& index : resource_.indexes) AddIndex(index);
    return std::move(table_);
  }

 private:
  void AddColumn(const Column& column) {
    SchemaColumn out;
    out.name = column.name;
    out.type = DdlTypeName(column);
    // Order and prefix search must not depend on how the cluster was made.
    if (column.type == ColumnType::kText) out.collation = "C";
    out.not_null = !column.nullable;
    if (&column != &resource_.key_column()) out.default_value = DefaultOf(column);
    out.comment = CommentOf(column);
    table_.columns.push_back(std::move(out));
  }

  void AddChecks(const Column& column) {
    ColumnChecks checks = ChecksOfColumn(column);
    for (const Check& check : checks.checks) {
      AddConstraint(absl::StrCat(resource_.table, "_", column.name, "_", check.suffix),
                    absl::StrCat("CHECK (", check.condition, ")"));
    }
    for (const std::string& rule : checks.server_only) {
      notes_.push_back(
          absl::StrCat(column.field->full_name(), ": the server alone enforces ", rule));
    }
  }

  void AddOneofs() {
    for (int i = 0; i < resource_.message->real_oneof_decl_count(); ++i) {
      const auto& oneof = *resource_.message->oneof_decl(i);
      std::vector<std::string> members;
      for (int j = 0; j < oneof.field_count(); ++j) {
        members.push_back(Identifier(oneof.field(j)->name()));
      }
      const bool required = oneof.options().GetExtension(buf::validate::oneof).required();
      AddConstraint(absl::StrCat(resource_.table, "_", oneof.name(), "_oneof"),
                    absl::StrCat("CHECK (num_nonnulls(", absl::StrJoin(members, ", "), ") ",
                                 required ? "=" : "<=", " 1)"));
    }
  }

  void AddReference(int i) {
    const Column& column = resource_.columns[static_cast<size_t>(i)];
    if (!column.reference) return;
    const Resource& target = *column.reference->resource;
    const auto on_delete = column.reference->on_delete;
    AddConstraint(
        absl::StrCat(resource_.table, "_", column.name, "_fkey"),
        absl::StrCat("FOREIGN KEY (", Identifier(column.name), ") REFERENCES ", TableName(target),
                     " (", Identifier(target.key_column().name), ") ON DELETE ",
                     on_delete == storage::v1::ON_DELETE_CASCADE    ? "CASCADE"
                     : on_delete == storage::v1::ON_DELETE_SET_NULL ? "SET NULL"
                                                                    : "RESTRICT"));
    // Serves the lists of a parent, a page at a time, and the parent's deletion.
    AddIndex({.columns = {i, resource_.key}, .unique = false});
  }

  void AddIndex(const Index& index) {
    std::vector<std::string> names;
    std::string name = resource_.table;
    for (const int i : index.columns) {
      const Column& column = resource_.columns[static_cast<size_t>(i)];
      names.push_back(Identifier(column.name));
      absl::StrAppend(&name, "_", column.name);
    }
    SchemaObject object;
    object.name = ObjectName(absl::StrCat(name, index.unique ? "_key" : "_idx"));
    object.definition =
        absl::StrCat(index.unique ? "UNIQUE INDEX " : "INDEX ", Identifier(object.name), " ON ",
                     TableName(resource_), " (", absl::StrJoin(names, ", "), ")");
    const bool known = std::any_of(table_.indexes.begin(), table_.indexes.end(),
                                   [&](const auto& other) { return other.name == object.name; });
    if (!known) table_.indexes.push_back(std::move(object));
  }

  void AddConstraint(const std::string& name, std::string definition) {
    table_.constraints.push_back({ObjectName(name), std::move(definition)});
  }

  const Resource& resource_;
  std::vector<std::string>& notes_;
  SchemaTable table_;
};

}  // namespace

SchemaModel ModelOfContract(const Contract& contract) {
  SchemaModel model;
  for (const auto& resource : contract.resources()) {
    model.tables.push_back(TableBuilder(*resource, model.notes).Build());
  }
  return model;
}

std::string OwnComment(std::string_view text) {
  return std::string(kCommentPrefix) + std::string(text);
}

std::string ObjectName(std::string_view name) {
  if (name.size() <= kMaxIdentifier) return std::string(name);
  const std::string digest = ShortDigest(name);
  return absl::StrCat(absl::string_view(name.data(), kMaxIdentifier - digest.size() - 1), "_",
                      digest);
}

}  // namespace dataservice
