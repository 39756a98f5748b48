#include "schema/object_changes.h"

#include <algorithm>
#include <set>

namespace dataservice {

ObjectChanges ChangesOf(const std::vector<SchemaObject>& wanted,
                        const std::vector<SchemaObject>& actual) {
  ObjectChanges out;
  std::set<const SchemaObject*> settled;  // of both lists
  for (const SchemaObject& want : wanted) {
    const SchemaObject* named = FindNamed(actual, want.name);
    if (named == nullptr || named->definition != want.definition) continue;
    settled.insert({&want, named});
    if (!named->valid) {
      out.complete.push_back(&want);
    } else if (!named->ours) {
      out.comment.push_back(&want);
    }
  }
  for (const SchemaObject& want : wanted) {
    if (settled.contains(&want)) continue;
    const SchemaObject* named = FindNamed(actual, want.name);
    const SchemaObject* same = nullptr;
    for (const SchemaObject& candidate : actual) {
      if (candidate.ours && candidate.valid && candidate.definition == want.definition &&
          !settled.contains(&candidate)) {
        same = &candidate;
        break;
      }
    }
    // The name is free, or becomes free by a renaming that is already decided.
    if (same != nullptr && named == nullptr) {
      settled.insert({&want, same});
      out.rename.emplace_back(same, &want);
    } else if (named != nullptr && !settled.contains(named)) {
      settled.insert({&want, named});
      out.replace.emplace_back(named, &want);
    } else {
      settled.insert(&want);
      out.add.push_back(&want);
    }
  }
  for (const SchemaObject& object : actual) {
    if (object.ours && !settled.contains(&object)) out.drop.push_back(&object);
  }
  // A plan says the same whatever order the catalogue has them in.
  std::sort(out.drop.begin(), out.drop.end(),
            [](const SchemaObject* a, const SchemaObject* b) { return a->name < b->name; });
  return out;
}

}  // namespace dataservice
