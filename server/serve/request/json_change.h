// A change of parts of one jsonb value, as serve/sql/json_merge.h applies it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dataservice {

// Not thread-safe.
class JsonChange {
 public:
  // Names in the value, from the outside inwards.
  using Path = std::vector<std::string>;

  // The part at `path`, which is not empty, changes as a whole.
  void Replace(Path path) { replaced_.insert(std::move(path)); }
  // What stands at `path` becomes an object if it is none.
  void MakeObject(Path path) { objects_.insert(std::move(path)); }
  // Nothing changes unless an object stands at `path`, in which something changes.
  void RequireObject(Path path) { required_.insert(std::move(path)); }

  // The statement's parameter. `to` is the JSON of a value that has the parts; what it
  // lacks is removed.
  void AppendTo(std::string_view to, std::string& out) const;

 private:
  std::set<Path> replaced_;
  std::set<Path> objects_;
  std::set<Path> required_;
};

}  // namespace dataservice
