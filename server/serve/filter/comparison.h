// One restriction of a filter -> a condition.
#pragma once

#include "contract/condition.h"
#include "contract/resource.h"
#include "serve/filter/syntax.h"
#include "serve/values/values.h"

namespace dataservice::filter {

// Checks a restriction against the resource. What it compares with is appended
// to `values`.
bool CheckRestriction(const Resource& resource, const Restriction& restriction,
                      Condition& condition, Values& values, Problem& problem);

}  // namespace dataservice::filter
