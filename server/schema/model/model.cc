#include "schema/model/model.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "contract/claims.h"
#include "contract/identifiers.h"
#include "postgres/text.h"
#include "schema/model/claim_table.h"
#include "schema/model/digest.h"
#include "schema/model/history_table.h"
#include "schema/model/table_builder.h"

namespace dataservice::schema {

SchemaModel ModelOfContract(const Contract& contract) {
  SchemaModel model;
  std::map<std::string, std::set<std::string>> names;
  for (const auto& resource : contract.resources()) {
    names[resource->schema].insert({resource->table, resource->table + "_pkey"});
  }
  std::vector<SchemaTable> own;
  for (const auto& [schema, taken] : names) {
    model.schemas.push_back(schema);
    own.push_back(HistoryTable(schema));
  }
  const size_t histories = own.size();
  for (const std::string& schema : ClaimSchemas(contract.resources())) {
    own.push_back(ClaimTable(schema));
  }
  for (const SchemaTable& table : own) {
    names[table.schema].insert(table.name);
    for (const SchemaObject& constraint : table.constraints) {
      names[table.schema].insert(constraint.name);
    }
    for (const SchemaObject& index : table.indexes) names[table.schema].insert(index.name);
  }
  // The history tables first, because they record the steps that create the others.
  model.tables.assign(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(histories));
  for (const auto& resource : contract.resources()) {
    model.tables.push_back(TableOfResource(*resource, names[resource->schema], model.notes));
  }
  model.tables.insert(model.tables.end(), own.begin() + static_cast<std::ptrdiff_t>(histories),
                      own.end());
  return model;
}

std::string TableName(const SchemaTable& table) { return QualifiedName(table.schema, table.name); }

std::string ObjectName(std::string_view name) {
  if (name.size() <= kMaxIdentifier) return std::string(name);
  const std::string digest = ShortDigest(name);
  return absl::StrCat(absl::string_view(name.data(), kMaxIdentifier - digest.size() - 1), "_",
                      digest);
}

}  // namespace dataservice::schema
