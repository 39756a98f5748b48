// Changes parts of jsonb values.
#pragma once

#include <string>
#include <string_view>

namespace dataservice {

// The value of a jsonb column after a change of some parts of it; `stored` and `change`
// are expressions of jsonb. A change is {"to": VALUE, "at": [[PATH, NAMES], ...]}, made by
// serve/request/json_change.h: each PATH, an array of names, leads to an object in the stored
// value, of which the members NAMES become what they are at the same path of VALUE, or are
// removed where VALUE has none. What is no object there becomes an empty one first, so a
// path comes after those that it begins with; but with `true` behind NAMES the value is
// NULL then.
std::string MergedJson(std::string_view stored, std::string_view change);

}  // namespace dataservice
