#include "schema/plan/object_changes.h"

#include <algorithm>
#include <set>

namespace dataservice::schema {
namespace {

// The existing primary key, if the wanted object is another primary key; else null.
const SchemaObject* OtherKey(const SchemaObject& want, const std::vector<SchemaObject>& actual) {
  if (!IsPrimaryKey(want)) return nullptr;
  const auto found = std::find_if(actual.begin(), actual.end(), IsPrimaryKey);
  return found == actual.end() ? nullptr : &*found;
}

}  // namespace

ObjectChanges ChangesOf(const std::vector<SchemaObject>& wanted,
                        const std::vector<SchemaObject>& actual,
                        const std::set<std::string>& leaving) {
  ObjectChanges out;
  std::set<const SchemaObject*> settled;  // of both lists
  for (const SchemaObject& want : wanted) {
    const SchemaObject* named = FindNamed(actual, want.name);
    if (named == nullptr || !SameDefinition(*named, want)) continue;
    settled.insert({&want, named});
    if (!named->valid) {
      out.complete.push_back(&want);
    } else if (!named->ours && !named->of_constraint) {
      out.comment.push_back(&want);
    }
  }
  for (const SchemaObject& want : wanted) {
    if (settled.contains(&want)) continue;
    const SchemaObject* named = FindNamed(actual, want.name);
    const SchemaObject* same = nullptr;
    for (const SchemaObject& candidate : actual) {
      // A table has one primary key, even if another program created it.
      if ((candidate.ours || IsPrimaryKey(want)) && candidate.valid &&
          SameDefinition(candidate, want) && !settled.contains(&candidate)) {
        same = &candidate;
        break;
      }
    }
    // The name is free, or an earlier rename frees it.
    if (same != nullptr && named == nullptr && !leaving.contains(want.name)) {
      settled.insert({&want, same});
      out.rename.emplace_back(same, &want);
    } else if (const SchemaObject* former = named != nullptr ? named : OtherKey(want, actual);
               former != nullptr && !settled.contains(former)) {
      settled.insert({&want, former});
      out.replace.emplace_back(former, &want);
    } else {
      settled.insert(&want);
      out.add.push_back(&want);
    }
  }
  for (const SchemaObject& object : actual) {
    if (object.ours && !settled.contains(&object)) out.drop.push_back(&object);
  }
  // The order in a plan does not depend on the catalog's.
  std::sort(out.drop.begin(), out.drop.end(),
            [](const SchemaObject* a, const SchemaObject* b) { return a->name < b->name; });
  return out;
}

}  // namespace dataservice::schema
