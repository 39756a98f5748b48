#include "schema/plan/rename.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "schema/model/digest.h"
#include "schema/model/model.h"

namespace dataservice::schema {
namespace {

struct RenameParts {
  const NameMap& columns;
  const std::map<std::string, TableNames>& tables;

  void operator()(Check& check) const {
    check.condition = check.condition.Renamed(columns);
    check.columns = Renamed(std::move(check.columns), columns);
  }
  void operator()(ForeignKey& key) const {
    key.columns = Renamed(std::move(key.columns), columns);
    const auto target = tables.find(key.table);
    if (target == tables.end()) return;
    key.table = target->second.table;
    key.referenced = Renamed(std::move(key.referenced), target->second.columns);
  }
  template <typename OfColumns>
  void operator()(OfColumns& definition) const {
    definition.columns = Renamed(std::move(definition.columns), columns);
  }
};

}  // namespace

SchemaObject Renamed(SchemaObject object, const NameMap& columns,
                     const std::map<std::string, TableNames>& tables) {
  std::visit(RenameParts{columns, tables}, object.definition);
  return object;
}

std::vector<std::pair<std::string, std::string>> RenameSequence(NameMap wanted) {
  std::vector<std::pair<std::string, std::string>> out;
  std::erase_if(wanted, [](const auto& pair) { return pair.first == pair.second; });
  while (!wanted.empty()) {
    const auto free = std::find_if(wanted.begin(), wanted.end(),
                                   [&](const auto& pair) { return !wanted.contains(pair.second); });
    if (free != wanted.end()) {
      out.push_back(*free);
      wanted.erase(free);
      continue;
    }
    const auto [from, to] = *wanted.begin();
    const std::string aside = ObjectName(absl::StrCat(from, "_", ShortDigest(from)));
    out.emplace_back(from, aside);
    wanted.erase(wanted.begin());
    wanted.emplace(aside, to);
  }
  return out;
}

}  // namespace dataservice::schema
