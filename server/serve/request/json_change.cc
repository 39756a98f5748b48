#include "serve/request/json_change.h"

#include <algorithm>
#include <cstddef>

#include "json_string.h"

namespace dataservice {
namespace {

using Path = JsonChange::Path;

void AppendNames(const Path& names, std::string& out) {
  out += '[';
  for (const std::string& name : names) {
    if (out.back() != '[') out += ',';
    AppendJsonString(name, out);
  }
  out += ']';
}

bool IsInside(const Path& inner, const Path& outer) {
  return outer.size() <= inner.size() && std::equal(outer.begin(), outer.end(), inner.begin());
}

}  // namespace

void JsonChange::AppendTo(std::string_view to, std::string& out) const {
  // The names that change of each object, which stand behind those around it.
  std::map<Path, Path> objects;
  const auto add_objects = [&](const Path& path, size_t depth) {
    for (size_t i = 0; i <= depth; ++i) {
      objects.try_emplace(Path(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(i)));
    }
  };
  const Path* last = nullptr;
  for (const Path& path : replaced_) {
    // Sorted, so what it is inside of stands before it.
    if (last != nullptr && IsInside(path, *last)) continue;
    last = &path;
    add_objects(path, path.size() - 1);
    objects[Path(path.begin(), path.end() - 1)].push_back(path.back());
  }
  for (const Path& path : objects_) {
    const bool replaced = std::any_of(replaced_.begin(), replaced_.end(),
                                      [&](const Path& outer) { return IsInside(path, outer); });
    if (!replaced) add_objects(path, path.size());
  }
  out += "{\"to\":";
  out += to;
  out += ",\"at\":[";
  for (const auto& [path, names] : objects) {
    if (out.back() != '[') out += ',';
    out += '[';
    AppendNames(path, out);
    out += ',';
    AppendNames(names, out);
    if (required_.contains(path)) out += ",true";
    out += ']';
  }
  out += "]}";
}

}  // namespace dataservice
