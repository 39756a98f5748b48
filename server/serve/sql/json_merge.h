// Changes of parts of jsonb values.
#pragma once

#include <string>
#include <string_view>

namespace dataservice {

// The value of a jsonb column after a change of some parts of it; `stored` and `change`
// are expressions of jsonb. A change is {"to": VALUE, "at": [[PATH, NAMES], ...]}, made by
// serve/request/json_change.h. Each PATH, an array of names, leads to an object in the stored
// value. Its members NAMES are set to those at the same path of VALUE, or removed if VALUE does not
// have them. If the stored value has no object at PATH, an empty one is created first, so a path
// follows its prefixes; with `true` behind NAMES, the result is NULL instead.
std::string MergedJson(std::string_view stored, std::string_view change);

}  // namespace dataservice
