#include "contract/index_checks.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "contract/identifiers.h"

namespace dataservice {
namespace {

// The other resource that a row must refer to, or null.
const Resource* NeededBy(const Column& column, const Resource& owner) {
  if (!column.reference || column.nullable) return nullptr;
  return column.reference->resource == &owner ? nullptr : column.reference->resource;
}

// Whether a row of `from` needs one of `to`, directly or through others.
bool Needs(const Resource& from, const Resource& to) {
  std::set<const Resource*> seen = {&from};
  std::vector<const Resource*> left = {&from};
  while (!left.empty()) {
    const Resource& next = *left.back();
    left.pop_back();
    for (const Column& column : next.columns) {
      const Resource* needed = NeededBy(column, next);
      if (needed == &to) return true;
      if (needed != nullptr && seen.insert(needed).second) left.push_back(needed);
    }
  }
  return false;
}

}  // namespace

void CheckIndexes(const Resource& resource, Diagnostics& diagnostics) {
  std::set<std::vector<int>> seen;
  for (const Index& index : resource.indexes) {
    if (index.columns == resource.PrimaryKey()) {
      diagnostics.Add(*resource.message,
                      "has an index on its key alone, which is indexed already; drop the index");
    } else if (!index.columns.empty() && !seen.insert(index.columns).second) {
      diagnostics.Add(*resource.message, "has two indexes on the same fields; drop one of them");
    }
    if (index.columns.size() > kMaxIndexColumns) {
      diagnostics.Add(*resource.message,
                      absl::StrCat("has an index on ", index.columns.size(),
                                   " fields, the key included, and PostgreSQL's have at most ",
                                   kMaxIndexColumns, "; name fewer"));
    }
  }
}

void CheckReferenceCycles(const std::vector<std::unique_ptr<Resource>>& resources,
                          Diagnostics& diagnostics) {
  for (const auto& resource : resources) {
    for (const Column& column : resource->columns) {
      const Resource* needed = NeededBy(column, *resource);
      // A resource that only refers to those of a cycle is in order.
      if (needed == nullptr || !Needs(*needed, *resource)) continue;
      diagnostics.Add(*column.field,
                      "requires a row that requires one of this resource in turn, so there can be "
                      "no first; drop REQUIRED from a reference of the cycle");
      break;
    }
  }
}

}  // namespace dataservice
