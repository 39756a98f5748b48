#include "schema/model/table_builder.h"

#include <google/protobuf/dynamic_message.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "contract/rules/validator.h"
#include "postgres/text.h"
#include "schema/model/checks.h"
#include "schema/model/digest.h"
#include "schema/model/identity.h"

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
      : resource_(resource), names_(names), notes_(notes) {
    // The contract was built with these rules: there is no error.
    auto validator = Validator::Compile(resource.message, {});
    if (validator.ok()) validator_ = *std::move(validator);
  }

  SchemaTable Build() {
    table_.schema = resource_.schema;
    table_.name = resource_.table;
    table_.comment = OwnComment(resource_.message->full_name());
    for (const Column& column : resource_.columns) AddColumn(column);
    AddConstraint(
        absl::StrCat(resource_.table, "_pkey"),
        {.kind = ObjectKind::kPrimaryKey,
         .definition = absl::StrCat("PRIMARY KEY (", Identifier(resource_.key_column().name), ")"),
         .columns = {resource_.key_column().name}});
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
    out.collation = column.traits().collation;
    out.not_null = !column.nullable;
    if (&column != &resource_.key_column()) out.default_value = DefaultOf(column);
    out.comment = CommentOfColumn(column);
    out.refuses_default = RefusesDefault(column);
    table_.columns.push_back(std::move(out));
  }

  bool RefusesDefault(const Column& column) {
    if (validator_ == nullptr) return false;
    const auto* empty = messages_.GetPrototype(resource_.message);
    std::vector<Violation> violations;
    validator_->ValidateField(*empty, column.field, "", &violations);
    return !violations.empty();
  }

  void AddChecks(const Column& column) {
    ColumnChecks checks = ChecksOfColumn(column);
    for (const Check& check : checks.checks) {
      AddConstraint(
          absl::StrCat(resource_.table, "_", column.name, "_", check.suffix),
          {.definition = absl::StrCat("CHECK (", check.condition, ")"), .columns = {column.name}});
    }
    for (const std::string& rule : checks.server_only) {
      notes_.push_back(
          absl::StrCat(column.field->full_name(), ": the server alone enforces ", rule));
    }
  }

  void AddOneofs() {
    for (int i = 0; i < resource_.message->real_oneof_decl_count(); ++i) {
      const auto& oneof = *resource_.message->oneof_decl(i);
      std::vector<std::string> names;
      std::vector<std::string> members;
      std::vector<std::string> set;
      for (int j = 0; j < oneof.field_count(); ++j) {
        names.push_back(oneof.field(j)->name());
        members.push_back(Identifier(names.back()));
        set.push_back(absl::StrCat(members.back(), " IS NOT NULL"));
      }
      const bool required = oneof.options().GetExtension(buf::validate::oneof).required();
      AddConstraint(absl::StrCat(resource_.table, "_", oneof.name(), "_oneof"),
                    {.definition = absl::StrCat(
                         "CHECK (",
                         oneof.field_count() > kMaxArguments
                             ? CountOf(set)
                             : absl::StrCat("num_nonnulls(", absl::StrJoin(members, ", "), ")"),
                         required ? " =" : " <=", " 1)"),
                     .columns = std::move(names),
                     .at_most_one = !required});
    }
  }

  // (buf.validate.message).oneof: fields without presence are set when they are
  // not zero.
  void AddMessageOneofs() {
    for (const auto& oneof :
         resource_.message->options().GetExtension(buf::validate::message).oneof()) {
      std::vector<std::string> names;
      std::vector<std::string> set;
      for (const std::string& name : oneof.fields()) {
        const int i = resource_.Find(name);
        if (i < 0) continue;
        const Column& column = resource_.column(i);
        names.push_back(name);
        const bool present = column.field->has_presence() || column.nullable;
        set.push_back(present ? absl::StrCat(Identifier(name), " IS NOT NULL")
                              : absl::StrCat("NOT ", IsZero(column)));
      }
      AddConstraint(
          absl::StrCat(resource_.table, "_", absl::StrJoin(oneof.fields(), "_"), "_oneof"),
          {.definition =
               absl::StrCat("CHECK (", CountOf(set), oneof.required() ? " =" : " <=", " 1)"),
           .columns = std::move(names),
           .at_most_one = !oneof.required()});
    }
  }

  void AddReference(int i) {
    const Column& column = resource_.column(i);
    if (!column.reference) return;
    const Resource& target = *column.reference->resource;
    const auto on_delete = column.reference->on_delete;
    const ReferencedTable reference{TableName(target),
                                    {target.key_column().name},
                                    on_delete == storage::v1::ON_DELETE_CASCADE    ? "CASCADE"
                                    : on_delete == storage::v1::ON_DELETE_SET_NULL ? "SET NULL"
                                                                                   : "RESTRICT"};
    AddConstraint(
        absl::StrCat(resource_.table, "_", column.name, "_fkey"),
        {.kind = ObjectKind::kForeignKey,
         .definition = absl::StrCat("FOREIGN KEY (", Identifier(column.name), ") REFERENCES ",
                                    reference.table, " (", Identifier(reference.columns.front()),
                                    ") ON DELETE ", reference.on_delete),
         .columns = {column.name},
         .reference = reference});
    // Serves the lists of a parent, a page at a time, and the parent's deletion.
    AddIndex({.columns = {i, resource_.key}, .unique = false});
  }

  void AddIndex(const Index& index) {
    SchemaObject object;
    std::vector<std::string> identifiers;
    std::string name = resource_.table;
    for (const int i : index.columns) {
      object.columns.push_back(resource_.column(i).name);
      identifiers.push_back(Identifier(object.columns.back()));
      absl::StrAppend(&name, "_", object.columns.back());
    }
    object.kind = index.unique ? ObjectKind::kUniqueIndex : ObjectKind::kIndex;
    object.definition = absl::StrCat(index.unique ? "UNIQUE INDEX (" : "INDEX (",
                                     absl::StrJoin(identifiers, ", "), ")");
    if (!indexed_.insert(object.definition).second) return;
    object.name = FreeName(absl::StrCat(name, index.unique ? "_key" : "_idx"),
                           absl::StrCat(TableName(table_), " ", object.definition), names_);
    table_.indexes.push_back(std::move(object));
  }

  void AddConstraint(const std::string& name, SchemaObject constraint) {
    constraint.name = FreeName(name, constraint.definition, constraints_);
    table_.constraints.push_back(std::move(constraint));
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
  google::protobuf::DynamicMessageFactory messages_;
  std::unique_ptr<Validator> validator_;
  SchemaTable table_;
};

}  // namespace

SchemaTable TableOfResource(const Resource& resource, std::set<std::string>& names,
                            std::vector<std::string>& notes) {
  return TableBuilder(resource, names, notes).Build();
}

}  // namespace dataservice
