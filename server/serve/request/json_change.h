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

  // The part at `path`, which is not empty, is replaced.
  void Replace(Path path) { replaced_.insert(std::move(path)); }
  // The value at `path` becomes an object if it is not one.
  void MakeObject(Path path) { objects_.insert(std::move(path)); }
  // The change is refused unless the value at `path`, in which parts change, is an object.
  void RequireObject(Path path) { required_.insert(std::move(path)); }

  // The statement's parameter. `to` is the JSON of a value that has the parts; parts that it
  // lacks are removed.
  void AppendTo(std::string_view to, std::string& out) const;

 private:
  std::set<Path> replaced_;
  std::set<Path> objects_;
  std::set<Path> required_;
};

}  // namespace dataservice
