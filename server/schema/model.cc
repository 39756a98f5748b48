#include "schema/model.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "contract/claims.h"
#include "contract/identifiers.h"
#include "schema/checks.h"
#include "schema/claim_table.h"
#include "schema/digest.h"
#include "sql/text.h"

namespace dataservice {
namespace {

// The default of a column that no value was given for: the zero of its type,
// where it has one.
std::string DefaultOf(const Column& column) {
  if (column.origin == ColumnOrigin::kCreateTime || column.origin == ColumnOrigin::kUpdateTime) {
    return "clock_timestamp()";
  }
  if (column.nullable || column.reference) return "";
  const std::string zero = ZeroLiteral(column);
  return column.array ? absl::StrCat(zero, "::", DdlTypeName(column)) : zero;
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

// PostgreSQL passes at most so many arguments to a function.
constexpr int kMaxArguments = 100;

// "(a)::integer + (b)::integer": how many of the conditions hold.
std::string CountOf(const std::vector<std::string>& conditions) {
  return absl::StrJoin(conditions, " + ", [](std::string* out, const std::string& condition) {
    absl::StrAppend(out, "(", condition, ")::integer");
  });
}

// `names` has the tables and indexes of the schema, which share their names.
class TableBuilder {
 public:
  TableBuilder(const Resource& resource, std::set<std::string>& names,
               std::vector<std::string>& notes)
      : resource_(resource), names_(names), notes_(notes) {}

  SchemaTable Build() {
    table_.schema = resource_.schema;
    table_.name = resource_.table;
    table_.comment = OwnComment(resource_.message->full_name());
    for (const Column& column : resource_.columns) AddColumn(column);
    AddConstraint(absl::StrCat(resource_.table, "_pkey"),
                  absl::StrCat("PRIMARY KEY (", Identifier(resource_.key_column().name), ")"));
    for (const Column& column : resource_.columns) AddChecks(column);
    AddOneofs();
    AddMessageOneofs();
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
      std::vector<std::string> set;
      for (int j = 0; j < oneof.field_count(); ++j) {
        members.push_back(Identifier(oneof.field(j)->name()));
        set.push_back(absl::StrCat(members.back(), " IS NOT NULL"));
      }
      const bool required = oneof.options().GetExtension(buf::validate::oneof).required();
      AddConstraint(
          absl::StrCat(resource_.table, "_", oneof.name(), "_oneof"),
          absl::StrCat("CHECK (",
                       oneof.field_count() > kMaxArguments
                           ? CountOf(set)
                           : absl::StrCat("num_nonnulls(", absl::StrJoin(members, ", "), ")"),
                       required ? " =" : " <=", " 1)"));
    }
  }

  // (buf.validate.message).oneof: fields without presence are set when they are
  // not zero.
  void AddMessageOneofs() {
    for (const auto& oneof :
         resource_.message->options().GetExtension(buf::validate::message).oneof()) {
      std::vector<std::string> set;
      for (const std::string& name : oneof.fields()) {
        const int i = resource_.Find(name);
        if (i < 0) continue;
        const Column& column = resource_.columns[static_cast<size_t>(i)];
        const bool present = column.field->has_presence() || column.nullable;
        set.push_back(present ? absl::StrCat(Identifier(name), " IS NOT NULL")
                              : absl::StrCat("NOT ", IsZero(column)));
      }
      AddConstraint(
          absl::StrCat(resource_.table, "_", absl::StrJoin(oneof.fields(), "_"), "_oneof"),
          absl::StrCat("CHECK (", CountOf(set), oneof.required() ? " =" : " <=", " 1)"));
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
    const std::string kind = index.unique ? "UNIQUE INDEX " : "INDEX ";
    const std::string where =
        absl::StrCat(" ON ", TableName(resource_), " (", absl::StrJoin(names, ", "), ")");
    if (!indexed_.insert(kind + where).second) return;
    const std::string own =
        FreeName(absl::StrCat(name, index.unique ? "_key" : "_idx"), where, names_);
    table_.indexes.push_back({own, absl::StrCat(kind, Identifier(own), where)});
  }

  void AddConstraint(const std::string& name, std::string definition) {
    table_.constraints.push_back({FreeName(name, definition, constraints_), std::move(definition)});
  }

  // "a_b" may come of a and b, or of a_b: what comes second has a digest in it.
  static std::string FreeName(const std::string& name, const std::string& definition,
                              std::set<std::string>& taken) {
    std::string own = ObjectName(name);
    if (!taken.insert(own).second) {
      own = ObjectName(absl::StrCat(name, "_", ShortDigest(definition)));
      taken.insert(own);
    }
    return own;
  }

  const Resource& resource_;
  std::set<std::string>& names_;
  std::set<std::string> constraints_;
  std::set<std::string> indexed_;
  std::vector<std::string>& notes_;
  SchemaTable table_;
};

}  // namespace

SchemaModel ModelOfContract(const Contract& contract) {
  SchemaModel model;
  std::map<std::string, std::set<std::string>> names;
  for (const auto& resource : contract.resources()) {
    names[resource->schema].insert({resource->table, resource->table + "_pkey"});
  }
  for (const std::string& schema : ClaimSchemas(contract.resources())) {
    const SchemaTable table = ClaimTable(schema);
    names[schema].insert({table.name, table.constraints[0].name, table.indexes[0].name});
  }
  for (const auto& resource : contract.resources()) {
    model.tables.push_back(TableBuilder(*resource, names[resource->schema], model.notes).Build());
  }
  for (const std::string& schema : ClaimSchemas(contract.resources())) {
    model.tables.push_back(ClaimTable(schema));
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
