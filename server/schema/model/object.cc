#include "schema/model/object.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"

namespace dataservice::schema {
namespace {

std::string_view ActionText(OnDelete action) {
  switch (action) {
    case OnDelete::kRestrict:
      return "RESTRICT";
    case OnDelete::kCascade:
      return "CASCADE";
    case OnDelete::kSetNull:
      return "SET NULL";
    case OnDelete::kOther:
      return "";
  }
  return "";
}

struct Render {
  std::string operator()(const Check& check) const {
    return absl::StrCat("CHECK (", check.condition.Sql(), ")");
  }
  std::string operator()(const PrimaryKey& key) const {
    return absl::StrCat("PRIMARY KEY (", ColumnList(key.columns), ")");
  }
  std::string operator()(const ForeignKey& key) const {
    return absl::StrCat("FOREIGN KEY (", ColumnList(key.columns), ") REFERENCES ", key.table, " (",
                        ColumnList(key.referenced), ") ON DELETE ",
                        View(ActionText(key.on_delete)));
  }
  std::string operator()(const Unique& unique) const {
    return absl::StrCat("UNIQUE (", ColumnList(unique.columns), ")");
  }
  std::string operator()(const Index& index) const {
    return absl::StrCat(index.unique ? "UNIQUE INDEX (" : "INDEX (", ColumnList(index.columns),
                        ")");
  }
};

}  // namespace

Definition CheckOf(Expression condition, bool at_most_one) {
  std::vector<std::string> columns = condition.Columns();
  return Check{std::move(condition), std::move(columns), at_most_one};
}

const std::vector<std::string>& ColumnsOf(const SchemaObject& object) {
  return std::visit(
      [](const auto& definition) -> const std::vector<std::string>& { return definition.columns; },
      object.definition);
}

std::string DefinitionText(const Definition& definition) {
  return std::visit(Render(), definition);
}

std::string DefinitionText(const SchemaObject& object) {
  return object.native_definition.empty() ? DefinitionText(object.definition)
                                          : object.native_definition;
}

std::string ColumnList(const std::vector<std::string>& columns) {
  return absl::StrJoin(columns, ", ", [](std::string* out, const std::string& name) {
    out->append(Identifier(name));
  });
}

bool SameDefinition(const SchemaObject& a, const SchemaObject& b) {
  return a.native_definition.empty() && b.native_definition.empty() && a.definition == b.definition;
}

bool IsCheck(const SchemaObject& constraint) {
  return std::holds_alternative<Check>(constraint.definition);
}

bool IsPrimaryKey(const SchemaObject& constraint) {
  return std::holds_alternative<PrimaryKey>(constraint.definition);
}

const ForeignKey* AsForeignKey(const SchemaObject& constraint) {
  return std::get_if<ForeignKey>(&constraint.definition);
}

bool IsUniqueIndex(const SchemaObject& index) {
  const Index* definition = std::get_if<Index>(&index.definition);
  return definition != nullptr && definition->unique;
}

bool IsPlainUnique(const SchemaObject& constraint) {
  return std::holds_alternative<Unique>(constraint.definition) &&
         constraint.native_definition.empty();
}

bool KeepsUnique(const SchemaObject& object) {
  return object.valid && (IsPrimaryKey(object) || IsPlainUnique(object) ||
                          (IsUniqueIndex(object) && object.native_definition.empty()));
}

bool RestrictsDeletion(const SchemaObject& constraint) {
  const ForeignKey* key = AsForeignKey(constraint);
  return constraint.ours && key != nullptr && key->on_delete == OnDelete::kRestrict;
}

bool RefersTo(const SchemaObject& constraint, const std::set<std::string>& tables) {
  const ForeignKey* key = AsForeignKey(constraint);
  return key != nullptr && tables.contains(key->table);
}

}  // namespace dataservice::schema
