#include "schema/model/table_builder.h"

#include <google/protobuf/dynamic_message.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "contract/rules/validator.h"
#include "postgres/text.h"
#include "schema/model/checks.h"
#include "schema/model/digest.h"
#include "schema/model/identity.h"

namespace dataservice::schema {
namespace {

// The default of a column: the zero of its type, if it has one.
std::string DefaultOf(const Column& column) {
  if (column.origin == ColumnOrigin::kCreateTime || column.origin == ColumnOrigin::kUpdateTime) {
    return "clock_timestamp()";
  }
  const bool owner = column.origin == ColumnOrigin::kOwner;
  if (column.nullable || column.reference || owner) return "";
  const std::string zero = ZeroLiteral(column);
  return column.array ? absl::StrCat(zero, "::", DdlTypeName(column)) : zero;
}

// The limit of PostgreSQL for the arguments of a function.
constexpr int kMaxArguments = 100;

// "(a)::integer + (b)::integer": how many of the conditions are true.
Expression CountOf(const std::vector<Expression>& conditions) {
  Expression out;
  for (const Expression& condition : conditions) {
    out.Append(Concat(out.empty() ? "(" : " + (", condition, ")::integer"));
  }
  return out;
}

// "num_nonnulls(a, b)".
Expression CountOfColumns(const std::vector<std::string>& columns) {
  Expression out;
  for (const std::string& column : columns) {
    out.Append(Concat(out.empty() ? "num_nonnulls(" : ", ", Expression::Column(column)));
  }
  return Concat(out, ")");
}

Expression IsSet(const std::string& column) {
  return Concat(Expression::Column(column), " IS NOT NULL");
}

Definition OneofCheck(const Expression& count, bool required) {
  return CheckOf(Concat(count, required ? " =" : " <=", " 1"), /*at_most_one=*/!required);
}

OnDelete ActionOf(storage::v1::OnDelete on_delete) {
  switch (on_delete) {
    case storage::v1::ON_DELETE_CASCADE:
      return OnDelete::kCascade;
    case storage::v1::ON_DELETE_SET_NULL:
      return OnDelete::kSetNull;
    default:
      return OnDelete::kRestrict;
  }
}

std::vector<std::string> NamesOf(const Resource& resource, const std::vector<int>& columns) {
  std::vector<std::string> names;
  for (const int i : columns) names.push_back(resource.column(i).name);
  return names;
}

// `names` are the names of tables and indexes that are taken in the schema.
class TableBuilder {
 public:
  TableBuilder(const Resource& resource, std::set<std::string>& names,
               std::vector<std::string>& notes)
      : resource_(resource), names_(names), notes_(notes) {
    // The contract was built with these rules, so that they compile.
    auto validator = Validator::Compile(resource.message, {});
    if (validator.ok()) validator_ = *std::move(validator);
  }

  SchemaTable Build() {
    table_.schema = resource_.schema;
    table_.name = resource_.table;
    table_.comment = OwnComment(resource_.message->full_name());
    for (const Column& column : resource_.columns) AddColumn(column);
    AddConstraint(absl::StrCat(resource_.table, "_pkey"),
                  PrimaryKey{NamesOf(resource_, resource_.PrimaryKey())});
    for (const Column& column : resource_.columns) AddChecks(column);
    AddOneofs();
    AddMessageOneofs();
    for (size_t i = 0; i < resource_.columns.size(); ++i) AddReference(static_cast<int>(i));
    for (const dataservice::Index& index : resource_.indexes) AddIndex(index);
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
    const ColumnChecks checks = ChecksOfColumn(column);
    for (const ColumnCheck& check : checks.checks) {
      AddConstraint(absl::StrCat(resource_.table, "_", column.name, "_", check.suffix),
                    CheckOf(check.condition));
    }
    for (const std::string& rule : checks.server_only) {
      notes_.push_back(
          absl::StrCat(column.field->full_name(), ": the server alone enforces ", rule));
    }
  }

  void AddOneofs() {
    for (int i = 0; i < resource_.message->real_oneof_decl_count(); ++i) {
      const auto& oneof = *resource_.message->oneof_decl(i);
      std::vector<std::string> columns;
      std::vector<Expression> set;
      for (int j = 0; j < oneof.field_count(); ++j) {
        columns.push_back(oneof.field(j)->name());
        set.push_back(IsSet(columns.back()));
      }
      AddConstraint(
          absl::StrCat(resource_.table, "_", oneof.name(), "_oneof"),
          OneofCheck(oneof.field_count() > kMaxArguments ? CountOf(set) : CountOfColumns(columns),
                     oneof.options().GetExtension(buf::validate::oneof).required()));
    }
  }

  // (buf.validate.message).oneof: fields without presence are set when they are
  // not zero.
  void AddMessageOneofs() {
    for (const auto& oneof :
         resource_.message->options().GetExtension(buf::validate::message).oneof()) {
      std::vector<Expression> set;
      for (const std::string& name : oneof.fields()) {
        const int i = resource_.Find(name);
        if (i < 0) continue;
        const Column& column = resource_.column(i);
        const bool present = column.field->has_presence() || column.nullable;
        set.push_back(present ? IsSet(name) : Concat("NOT ", IsZero(column)));
      }
      AddConstraint(
          absl::StrCat(resource_.table, "_", absl::StrJoin(oneof.fields(), "_"), "_oneof"),
          OneofCheck(CountOf(set), oneof.required()));
    }
  }

  void AddReference(int i) {
    const Column& column = resource_.column(i);
    if (!column.reference) return;
    const Resource& target = *column.reference->resource;
    // Private rows are referred to by rows of their owner only.
    const auto columns = target.is_private() ? std::vector{resource_.owner, i} : std::vector{i};
    AddConstraint(absl::StrCat(resource_.table, "_", column.name, "_fkey"),
                  ForeignKey{.columns = NamesOf(resource_, columns),
                             .table = TableName(target),
                             .referenced = NamesOf(target, target.PrimaryKey()),
                             .on_delete = ActionOf(column.reference->on_delete)});
    // For lists of a parent's rows and for the deletion of the parent. Both compare the owner if
    // the rows are private.
    if (resource_.is_private() || target.is_private()) {
      AddIndex({.columns = {resource_.owner, i, resource_.key}, .unique = false});
    }
    if (!resource_.is_private() || !target.is_private()) {
      AddIndex({.columns = {i, resource_.key}, .unique = false});
    }
  }

  void AddIndex(const dataservice::Index& index) {
    Index definition{.columns = NamesOf(resource_, index.columns), .unique = index.unique};
    std::string name = absl::StrCat(resource_.table, "_", absl::StrJoin(definition.columns, "_"));
    const std::string text = DefinitionText(definition);
    if (!indexed_.insert(text).second) return;
    table_.indexes.push_back({.name = FreeName(absl::StrCat(name, index.unique ? "_key" : "_idx"),
                                               absl::StrCat(TableName(table_), " ", text), names_),
                              .definition = std::move(definition)});
  }

  void AddConstraint(const std::string& name, Definition definition) {
    table_.constraints.push_back({.name = FreeName(name, DefinitionText(definition), constraints_),
                                  .definition = std::move(definition)});
  }

  // A name such as "a_b" may result from a and b, or from a_b. The second one gets a digest.
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

}  // namespace dataservice::schema
