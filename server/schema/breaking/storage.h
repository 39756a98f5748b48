// Changes that break stored data, as breaking.h defines them.
#pragma once

#include "contract/contract.h"
#include "schema/breaking/findings.h"
#include "schema/breaking/json.h"

namespace dataservice::breaking {

// A column is identified by the field's number, so that a renamed field keeps its data. Inside
// jsonb, a field is identified by its name in ProtoJSON.
void CompareStorage(const Contract& before, const Contract& after, Findings& findings);

// The parts of this comparison.

// Compares a column of a resource that still exists, without its reference.
void CompareColumns(const Resource& before, const Column& was, const Resource& after,
                    const Column& is, JsonComparison& json, Findings& findings);

// Whether two columns with the same number and different names may be the same column.
bool MayBeRenamed(const Column& was, const Column& is);

}  // namespace dataservice::breaking
